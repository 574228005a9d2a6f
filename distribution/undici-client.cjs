/*
 * Of undici what carto/http.ts asks for, in place of all of it: the archive of the plugin is smaller by half a megabyte of code, and the
 * plugin by 8 MB of memory. These paths are not part of undici's API: the lock file pins them, and a test runs the archive.
 */
const Dispatcher = require("undici/lib/dispatcher/dispatcher.js");
exports.EnvHttpProxyAgent = require("undici/lib/dispatcher/env-http-proxy-agent.js");
Dispatcher.prototype.request = require("undici/lib/api/api-request.js");
