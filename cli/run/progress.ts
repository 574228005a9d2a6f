import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { ProcessSettings } from "../context/process-settings.ts";
import type { Style } from "../context/style.ts";
import { control } from "../context/terminal.ts";

/** Shows the progress of several environments. */
export interface Progress {
  /** What an environment begins to do. @param total of its clients */
  phase(environment: string, text: string, total: number): void;
  /** What is to be known of an environment meanwhile: a line that stays. */
  note(environment: string, text: string): void;
  event(environment: string, event: EngineEvent): void;
  /** Text that stays. */
  print(text: string): void;
  /** The same, on stderr. */
  warn(text: string): void;
  /** The environment is finished: it is shown no more. */
  finish(environment: string): void;
  close(): void;
}

/** One line per environment in a terminal, redrawn; plain lines elsewhere; nothing where a machine reads. */
export function createProgress(settings: ProcessSettings, style: Style, quiet: boolean): Progress {
  if (quiet) return new Silence();
  return settings.live ? new LiveView(settings.columns, style) : new PlainLines();
}

class Silence implements Progress {
  phase(): void {}
  note(): void {}
  event(): void {}
  print(): void {}
  warn(text: string): void {
    process.stderr.write(text);
  }

  finish(): void {}
  close(): void {}
}

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  refresh: "read",
};

/** `[prod] store-locator created`, as it happens. */
class PlainLines implements Progress {
  readonly #phases = new Map<string, string>();

  phase(environment: string, text: string): void {
    // A run that waits for a lock begins anew every few seconds.
    if (this.#phases.get(environment) !== text) this.note(environment, text);
    this.#phases.set(environment, text);
  }

  note(environment: string, text: string): void {
    process.stdout.write(`[${environment}] ${text}\n`);
  }

  event(environment: string, event: EngineEvent): void {
    const step = event.resOutputsEvent;
    // Previews say what they found at the end; a refresh of what is unchanged is no news.
    if (step === undefined || step.planning === true) return;
    const { op, urn, type } = step.metadata;
    const word = DONE[op];
    if (word === undefined || op === "refresh" || !isClient(type)) return;
    process.stdout.write(`[${environment}] ${urn.split("::").slice(3).join("::")} ${word}\n`);
  }

  print(text: string): void {
    process.stdout.write(text);
  }

  warn(text: string): void {
    process.stderr.write(text);
  }

  finish(): void {}
  close(): void {}
}

/** Whether the type of a resource is one of ours, by its dynamic provider or by the plugin. */
function isClient(type: string): boolean {
  return type.includes(":dynamic/carto:") || type.startsWith("carto:");
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

class LiveView implements Progress {
  readonly #columns: number;
  readonly #style: Style;
  readonly #lines = new Map<
    string,
    { phase: string; busy: Set<string>; done: Set<string>; total: number; startMs: number }
  >();
  readonly #timer: NodeJS.Timeout;
  #drawn = 0;
  #frame = 0;

  constructor(columns: number, style: Style) {
    this.#columns = columns;
    this.#style = style;
    this.#timer = setInterval(() => this.#draw(), 100).unref();
    process.once("exit", () => this.close());
  }

  phase(environment: string, text: string, total: number): void {
    const { startMs = Date.now() } = this.#lines.get(environment) ?? {};
    this.#lines.set(environment, { phase: text, busy: new Set(), done: new Set(), total, startMs });
  }

  note(environment: string, text: string): void {
    this.print(this.#style.dim(`${environment}: ${text}\n`));
  }

  event(environment: string, { resourcePreEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): void {
    const line = this.#lines.get(environment);
    const step = (resourcePreEvent ?? resOutputsEvent ?? resOpFailedEvent)?.metadata;
    // The stack itself, its providers and its identity are no clients.
    if (line === undefined || step === undefined || !isClient(step.type)) return;
    const client = step.urn.split("::").slice(3).join("::");
    if (resourcePreEvent) line.busy.add(client);
    else if (line.busy.delete(client)) line.done.add(client); // a replacement takes several steps
  }

  print(text: string): void {
    this.#erase();
    process.stdout.write(text);
    this.#draw();
  }

  warn(text: string): void {
    this.#erase();
    process.stderr.write(text);
    this.#draw();
  }

  finish(environment: string): void {
    this.#lines.delete(environment);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  #erase(): void {
    // Typed keys, such as ^C, are shown behind the lines: the cursor need not be where a line begins.
    if (this.#drawn > 0) control(process.stdout, `\r\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }

  #draw(): void {
    const frame = FRAMES[this.#frame++ % FRAMES.length];
    const lines = [...this.#lines].map(([environment, { phase, busy, done, total, startMs }]) => {
      const seconds = Math.floor((Date.now() - startMs) / 1000);
      const started = [...busy].filter((client) => !done.has(client)).length;
      const doing = busy.size > 0 ? `: ${[...busy].slice(0, 3).join(", ")}` : "";
      const text = `${frame} ${environment} ${phase} (${seconds} s, ${done.size} of ${Math.max(done.size + started, total)})${doing}`;
      return this.#style.dim(text.slice(0, this.#columns - 1));
    });
    this.#erase();
    if (lines.length === 0) return;
    process.stdout.write(`${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }
}
