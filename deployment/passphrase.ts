import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;

/** What the engine takes for the backend's own choice, which is a passphrase unless the backend is Pulumi Cloud. */
const OWN_CHOICE: readonly (string | undefined)[] = [undefined, "", "default", "passphrase"];

/**
 * Whether `up` asks for a passphrase for the secrets of a new stack.
 *
 * @param backend its URL. Unset or empty: Pulumi Cloud
 */
export function needsPassphrase(backend: string | undefined, secretsProvider: string | undefined): boolean {
  const cloud = backend === undefined || backend === "" || /^https?:/.test(backend);
  return OWN_CHOICE.includes(secretsProvider) && (!cloud || secretsProvider === "passphrase");
}

/**
 * Whether the engine finds a passphrase: an empty one counts, and the file only where there is no variable.
 *
 * @param directory where the engine runs
 */
export async function hasPassphrase(variables: Variables, directory: string): Promise<boolean> {
  if (variables.PULUMI_CONFIG_PASSPHRASE !== undefined) return true;
  const file = variables.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (!file) return false;
  return readFile(resolve(directory, file)).then(
    () => true,
    () => false,
  );
}
