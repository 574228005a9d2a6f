import { readProcessSettings } from "./process-settings.ts";

/**
 * Why a command that would ask a question cannot ask it, and what to do instead.
 *
 * @param asks what asks, if the command as a whole does not: begins the sentence. Unset: none
 * @param remedy what to do. Unset: add --yes
 * @returns undefined when the question can be asked
 */
export function noQuestion(
  json: boolean | undefined,
  { asks, remedy = "add --yes" }: { asks?: string; remedy?: string } = {},
  { interactive, terminal }: { interactive: boolean; terminal: boolean } = readProcessSettings(),
): string | undefined {
  if (interactive && !json) return undefined;
  const here = terminal
    ? "CI is set, so no question is asked"
    : "this is not a terminal, so the question cannot be asked";
  const why = json ? "--json does not ask questions" : here;
  return `${asks === undefined ? "" : `${asks}, and `}${why}: ${remedy}`;
}
