import { resolve } from "node:path";

/**
 * The contract that a stack's settings name, as a run in another directory finds it: a relative path is from the directory of the settings.
 *
 * @param setting a path, or the contract itself as JSON
 */
export function contractFrom(directory: string, setting: string): string {
  const text = setting.trim();
  return text === "" || text.startsWith("{") ? setting : resolve(directory, text);
}

/** The settings of a stack as text, for a run in another directory than the one that they are from. */
export async function movableSettings(text: string, directory: string): Promise<string> {
  if (!text.includes("carto:contract")) return text;
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  const path = ["config", "carto:contract"];
  // What cannot be read is the engine's to report; a secret cannot be told.
  const setting = document.errors.length > 0 ? undefined : document.getIn(path);
  if (typeof setting !== "string" || contractFrom(directory, setting) === setting) return text;
  document.setIn(path, contractFrom(directory, setting));
  return document.toString({ lineWidth: 0 });
}
