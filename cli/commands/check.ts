import { formatFailure, type ManifestFailure, type ManifestFinding } from "../../manifest/failure.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson } from "../context/json.ts";
import { type SelectionOptions, selectEnvironments } from "../context/selection.ts";

/** Without `env` and `stack` every environment of a file is checked. */
export interface CheckOptions extends SelectionOptions {
  json?: boolean;
  /** Whether tokens that expire soon have an exit code of their own. */
  exitCode?: boolean;
}

/** Of one manifest: the documented shape of `check --json`. */
interface CheckedFile {
  file: string;
  environments: { name: string; stack: string; clients: number }[];
  failures: ManifestFailure[];
  /** Advice; those with an `exemption` are exempted. */
  findings: ManifestFinding[];
}

/** Checks manifests offline: no engine, no credentials, no network. */
export async function check(files: string[], options: CheckOptions): Promise<ExitCode> {
  const checked: CheckedFile[] = [];
  for (const file of files.length > 0 ? files : ["clients.yaml"]) {
    const { selection, failures } = await selectEnvironments(file, options);
    const environments = selection?.environments ?? [];
    checked.push({
      file,
      environments: environments.map(({ name, stack, clients }) => ({ name, stack, clients: clients.length })),
      failures,
      findings: selection?.findings ?? [],
    });
  }
  const ok = checked.every(({ failures }) => failures.length === 0);
  if (options.json) printJson("check", ok, { files: checked });
  else process.stdout.write(describe(checked));
  if (!ok) return EXIT.invalid;
  // An exemption says that the advice is known, not that the token lasts.
  const expiring = checked.some(({ findings }) => findings.some(({ rule }) => rule === "expires-soon"));
  return options.exitCode && expiring ? EXIT.expiring : EXIT.done;
}

function describe(checked: readonly CheckedFile[]): string {
  return checked
    .map(({ file, environments, failures, findings }) => {
      const advice = findings.filter(({ exemption }) => exemption === undefined);
      const lines = [...failures.map(formatFailure), ...advice.map((finding) => `advice: ${formatFailure(finding)}`)];
      if (failures.length === 0) {
        const counts = environments.map(({ name, clients }) => `${name} ${clients}`).join(", ");
        return `${[...lines, `${file}: ok (clients: ${counts})`].join("\n")}\n`;
      }
      return `${lines.join("\n")}\n${file}: ${failures.length} ${failures.length === 1 ? "failure" : "failures"}\n`;
    })
    .join("");
}
