/** What is read of a package in package-lock.json. */
export interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  dev?: boolean;
  license?: string;
  hasInstallScript?: boolean;
}

/** A package that users install, and its licence as it says. */
export interface Licence {
  name: string;
  version: string;
  /** SPDX expression; empty where the package names none. */
  licence: string;
  allowed: boolean;
}

/** Data, attributed in its own package; and a package whose file is the MIT licence. */
const LOOKED_AT = ["spdx-exceptions", "@logdna/tail-file"];
const PERMISSIVE = /^(0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|ISC|MIT|Python-2\.0|Unlicense)$/;

/** The package that a path in `node_modules` belongs to. */
export function packageName(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** The licences of all that is installed with this package, development apart, by name. */
export function licencesOf(packages: Readonly<Record<string, LockedPackage>>): Licence[] {
  return Object.entries(packages)
    .filter(([path, { link, dev }]) => path !== "" && link !== true && dev !== true)
    .map(([path, { version = "", license: licence = "" }]) => {
      const name = packageName(path);
      return { name, version, licence, allowed: LOOKED_AT.includes(name) || isPermissive(licence) };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of a choice one is enough, of what applies together all are needed. */
function isPermissive(expression: string): boolean {
  const choices = expression.replace(/[()]/g, "").split(" OR ");
  const allowed = (choice: string) => choice.split(" AND ").every((one) => PERMISSIVE.test(one.trim()));
  // Without brackets, a mixed expression is ambiguous to this simple reader: all of it has to be allowed.
  return expression.includes(" AND ") ? choices.every(allowed) : choices.some(allowed);
}
