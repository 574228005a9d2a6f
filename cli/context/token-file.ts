import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { CartoError } from "../../carto/errors.ts";

/**
 * Reads an API Access Token from a file, so that it appears neither in an argument nor in a shell's history.
 *
 * @param path `-`: stdin
 * @returns without the line break at its end
 * @throws CartoError `invalid_configuration` When there is no token in it.
 */
export async function readTokenFile(path: string): Promise<string> {
  const where = path === "-" ? "stdin" : path;
  const content = path === "-" ? await text(process.stdin) : await readFile(path, "utf8").catch(unreadable(where));
  const token = content.trim();
  if (/^\S+$/.test(token)) return token;
  const problem = token === "" ? "contains no token" : "contains more than one word";
  throw new CartoError("invalid_configuration", `--token-file: ${where} ${problem}: write the token and nothing else.`);
}

function unreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return ({ code }) => {
    throw new CartoError("invalid_configuration", `--token-file: ${path} cannot be read (${code}).`);
  };
}
