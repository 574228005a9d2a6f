import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

const PULUMI_CLOUD = "https://api.pulumi.com";

/**
 * The backend that holds the stack's state, told apart from all others as well as a program can: two people who each
 * have a stack of the same name in `file://~` have two backends. The engine tells programs nothing about it, so this
 * looks where the CLI looks: PULUMI_BACKEND_URL, `backend.url` of the project, the backend that one is logged in to.
 *
 * @param environment unset variables count as empty
 * @param directory of the program; the project file is there or above
 * @returns a URL without query, that of a `file://` backend absolute
 * @see `GetCurrentCloudURL` of Pulumi's CLI
 */
export function backendIdentity(environment: NodeJS.ProcessEnv, directory: string): string {
  const home = environment.HOME || homedir();
  const project = findProject(directory);
  const url =
    environment.PULUMI_BACKEND_URL || project?.backend || current(environment.PULUMI_HOME || join(home, ".pulumi"));
  if (!url) return PULUMI_CLOUD;
  if (!url.startsWith("file://")) return url.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const path = url
    .slice("file://".length)
    .replace(/[?#].*$/, "")
    .replace(/^~(?=\/|$)/, home);
  return `file://${resolve(project?.directory ?? directory, path)}`;
}

function current(pulumiHome: string): string | undefined {
  const text = read(join(pulumiHome, "credentials.json"));
  try {
    const { current: url } = JSON.parse(text ?? "{}");
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined; // the CLI will complain
  }
}

function findProject(directory: string): { directory: string; backend: string | undefined } | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    const text = read(join(folder, "Pulumi.yaml")) ?? read(join(folder, "Pulumi.yml"));
    if (text !== undefined) return { directory: folder, backend: backendOf(text) };
    if (dirname(folder) === folder) return undefined;
  }
}

function backendOf(project: string): string | undefined {
  if (!/^backend\s*:/m.test(project)) return undefined;
  // Few projects name a backend: only they wait for the parser.
  const { parse } = createRequire(import.meta.url)("yaml") as typeof import("yaml");
  const url: unknown = parse(project)?.backend?.url;
  return typeof url === "string" ? url : undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
