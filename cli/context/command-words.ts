import { commandLine } from "./command-line.ts";

/** There are other ways to give credentials, but to the command they are the environment's. */
const CREDENTIALS =
  /(CARTO credentials are missing\. )Give an access token \(.*? pass either to a CartoProvider, or log in/g;
const VARIABLES =
  "Set CARTO_API_TOKEN to an access token, or CARTO_M2M_CLIENT_ID and CARTO_M2M_CLIENT_SECRET to those of an M2M OAuth client";

/**
 * Rewrites what a message tells users of programs, who run `pulumi`, as what users of the command do instead.
 *
 * @param place the manifest and the stack that the message is about. Unset: any
 */
export function inCommandWords(message: string, place?: { file: string; stack: string }): string {
  const line = (command: string) =>
    place === undefined
      ? `pulumi-carto ${command}`
      : commandLine(command, place.file, {}, { name: place.stack, stack: place.stack });
  const settings = `Pulumi.${place?.stack.split("/").at(-1) ?? "<stack>"}.yaml`;
  const text = message
    .replace(CREDENTIALS, `$1${VARIABLES}, or log in`)
    .replace(/`pulumi (up|refresh)\b([^`]*)`/g, (_, command, more) => `\`${line(command)}${more}\``)
    .replace(
      /`pulumi config set (carto:\w+) ([^`]+)`/g,
      (_, name, value) => `write \`${name}: ${value}\` under \`config\` in ${settings}`,
    );
  if (!/`pulumi (state|stack) /.test(text)) return text;
  return `${text.replace(/\.$/, "")}. \`${line("stack")}\` prints how to run \`pulumi\` there.`;
}
