import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const {
  version,
}: {
  version: string;
} = JSON.parse(readFileSync("node_modules/@sparticuz/chromium/package.json", "utf8"));
const CACHE = path.resolve(".pulumi-carto");

/** Opens the Chromium that an npm package contains: nothing has to be installed. */
export async function openChromium(): Promise<Browser> {
  const executablePath = await unpacked();
  process.env.FONTCONFIG_FILE = fontSettings(path.dirname(executablePath));
  // Not the package's own arguments: they switch off web security, which is what is tested.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}

/**
 * The package's own settings look for its fonts in folders of the system, not where they were unpacked, and Chromium
 * crashes on the first page where it finds no font at all.
 */
function fontSettings(home: string): string {
  const file = path.join(home, "fonts.conf");
  const fonts = path.join(home, "fonts");
  writeFileSync(file, `<fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>\n`);
  return file;
}

/** Unpacks beside and renames, so that test files may do it at the same time. */
async function unpacked(): Promise<string> {
  const home = path.join(CACHE, `chromium-${version}`);
  if (!existsSync(home)) {
    mkdirSync(CACHE, { recursive: true });
    const beside = mkdtempSync(path.join(CACHE, "chromium-"));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = beside;
    try {
      await sparticuz.executablePath();
      renameSync(beside, home);
    } catch (error) {
      rmSync(beside, { recursive: true, force: true });
      if (!existsSync(home)) throw error;
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  }
  return path.join(home, "chromium");
}
