import { verifyAudit } from "../../audit/audit.ts";
import { systemCode } from "../../error/system-code.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson } from "../context/json.ts";

/** Options of `audit verify`. */
export interface VerifyOptions {
  /** Hash of the record that the file must end with. Unset: the `.head` file next to it. */
  head?: string;
  json?: boolean;
}

/** Reports whether a line of an audit file was altered, removed or reordered. */
export async function verify(file: string, options: VerifyOptions): Promise<ExitCode> {
  let found: Awaited<ReturnType<typeof verifyAudit>>;
  try {
    found = await verifyAudit(file, options.head);
  } catch (error) {
    const code = systemCode(error);
    process.stderr.write(
      `audit: ${file}: ${code === "ENOENT" ? "the file does not exist" : `cannot be read: ${code}`}\n`,
    );
    return EXIT.invalid;
  }
  const { records, head, problems } = found;
  const ok = problems.length === 0;
  if (options.json) {
    printJson("audit verify", ok, { file, records, head, problems });
  } else if (ok) {
    const last = head ? `; the last is ${head.hash}` : "";
    process.stdout.write(
      `${file}: ${records} ${records === 1 ? "record" : "records"}, none altered, removed or reordered${last}\n`,
    );
  } else process.stderr.write(`${problems.map((problem) => `${file}: ${problem}`).join("\n")}\n`);
  return ok ? EXIT.done : EXIT.failed;
}
