// pulumi up
"use strict";
const { SpaOAuthClient } = require("pulumi-carto");

const web = new SpaOAuthClient("web", {
  name: "Store locator",
  applicationLoginUrl: "http://localhost:5173",
});

exports.clientId = web.clientId;
