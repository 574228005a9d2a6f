import { pathToFileURL } from "node:url";

/**
 * What to say when npm itself runs on a Node that is older than the scripts need. npm checks the `engines` of every package against
 * its own Node, and would warn of each; the scripts run on the Node in `node_modules`.
 *
 * @param userAgent as npm gives it to scripts, e.g. `npm/11.0.0 node/v20.1.0 linux x64`
 * @param own version of the Node that runs the scripts, e.g. `24.21.0`
 * @returns undefined when there is nothing to say
 */
export function nodeVersionNote(userAgent: string | undefined, own: string): string | undefined {
  const version = /(?:^| )node\/v(\d+)\.(\d+)(\.\S+)?/.exec(userAgent ?? "");
  if (version === null) return undefined;
  const [, major = "", minor = "", patch = ""] = version;
  if (Number(major) > 22 || (Number(major) === 22 && Number(minor) >= 19)) return undefined;
  return `npm runs on Node ${major}.${minor}${patch}, which is older than the packages need; the scripts run on Node ${own} from node_modules.`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const note = nodeVersionNote(process.env.npm_config_user_agent, process.versions.node);
  if (note !== undefined) console.log(note);
}
