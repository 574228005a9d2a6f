import type { EnvironmentVersion } from "../change/environment-exposures.ts";

type Version = Pick<EnvironmentVersion, "name" | "state" | "movedFrom">;

/**
 * Environments with a new name, on the stack of an old one or taking it over.
 *
 * @param added environments of the newer version that the older does not have
 * @returns the old and the new name of each
 */
export function renamedEnvironments(
  olds: readonly Version[],
  news: readonly Version[],
  added: readonly Version[],
): [string, string][] {
  const gone = olds.filter(({ name }) => !news.some((one) => one.name === name));
  return gone.flatMap((old): [string, string][] => {
    const heir =
      added.find(({ movedFrom }) => movedFrom !== undefined && movedFrom === old.state.stack?.value) ??
      added.find((one) => JSON.stringify(one.state) === JSON.stringify(old.state));
    return heir ? [[old.name, heir.name]] : [];
  });
}

/** What becomes of the stack of a renamed environment. */
export function stackNote(before: Version | undefined, { state, movedFrom }: Version): string {
  return movedFrom === undefined || before?.state.stack?.value === state.stack?.value
    ? "its stack stays the same"
    : "`up` renames its stack, and the clients keep their IDs and secrets";
}
