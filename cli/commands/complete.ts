import { readFile } from "node:fs/promises";
import type { Command, Option } from "commander";
import { KIND_IDS } from "../../kinds/index.ts";
import { type ManifestNames, namesIn } from "../../manifest/names.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";

/** What a word can become, and what it means. */
interface Candidate {
  value: string;
  description: string;
}

/** Options whose values a manifest knows. */
const NAMES: Readonly<Record<string, keyof ManifestNames>> = {
  env: "environments",
  from: "environments",
  to: "environments",
  stack: "stacks",
  client: "clients",
};

/** What a shell takes as one plain word: other names would act as more than text once they are on the line. */
const PLAIN = /^[\w./@:+,=-]+$/;

/**
 * Prints what the last word of a command line can become: a line for each candidate, its description after a tab. Nothing: a file name,
 * or a text that nobody can guess.
 *
 * @param program the whole command
 * @param manifest read where the words name no other
 * @param words after `pulumi-carto`, up to the cursor; the last one may be empty
 */
export async function complete(program: Command, manifest: string, words: readonly string[]): Promise<ExitCode> {
  const found = await candidates(program, manifest, words);
  const lines = found.filter(({ value }) => PLAIN.test(value));
  process.stdout.write(lines.map(({ value, description }) => `${value}\t${description}\n`).join(""));
  return EXIT.done;
}

async function candidates(program: Command, manifest: string, typed: readonly string[]): Promise<Candidate[]> {
  // bash takes `--env=dev` for three words, others for one: of one, the shell expects the whole word back.
  const last = typed.at(-1) ?? "";
  const [, flag, begun = ""] = /^(--[\w-]+=)(.*)$/s.exec(last) ?? [];
  const words = [...typed.slice(0, -1), ...(flag === undefined ? [last] : [flag.slice(0, -1), begun])];
  if (words.at(-1) === "=") words.push("");
  const word = words.pop() ?? "";
  const line = readLine(
    program,
    words.filter((one) => one !== "="),
  );
  const found = await next(line, word, manifest);
  const prefix = flag ?? "";
  return found
    .filter(({ value }) => value.startsWith(word))
    .map(({ value, description }) => ({ value: `${prefix}${value}`, description }));
}

/** What the words before the one to be completed are. */
interface Line {
  command: Command;
  operands: string[];
  /** Of the option whose value comes next. */
  pending?: Option;
  /** Whether `--` ended the options. */
  ended: boolean;
}

function readLine(program: Command, words: readonly string[]): Line {
  const line: Line = { command: program, operands: [], ended: false };
  for (const word of words) {
    const value = line.pending;
    delete line.pending;
    if (value !== undefined && !(value.optional && word.startsWith("-"))) continue;
    if (line.ended || !word.startsWith("-")) {
      const subcommand = line.operands.length === 0 && line.command.commands.find((one) => one.name() === word);
      if (subcommand) line.command = subcommand;
      else line.operands.push(word);
    } else if (word === "--") line.ended = true;
    else {
      const option = line.command.options.find(({ long, short }) => word === long || word === short);
      if (option && (option.required || option.optional)) line.pending = option;
    }
  }
  return line;
}

async function next({ command, operands, pending, ended }: Line, word: string, manifest: string): Promise<Candidate[]> {
  if (pending !== undefined && !(pending.optional && word.startsWith("-"))) {
    return valuesOf(pending, word, await names(operands, manifest));
  }
  const help = command.createHelp();
  if (word.startsWith("-") && !ended) {
    return help
      .visibleOptions(command)
      .flatMap(({ long, description }) => (long === undefined ? [] : [{ value: long, description }]));
  }
  const [argument] = command.registeredArguments.slice(operands.length);
  const choices = argument?.argChoices ?? [];
  if (command.name() === "move" && operands.length === 0) return asCandidates((await names([], manifest)).clients);
  return [
    ...asCandidates(choices),
    ...help.visibleCommands(command).map((one) => ({ value: one.name(), description: one.summary() })),
  ];
}

/** @param word may be a list that is to grow: `dev,pr` */
function valuesOf(option: Option, word: string, known: ManifestNames): Candidate[] {
  if (option.argChoices) return asCandidates(option.argChoices);
  if (option.attributeName() === "kind") return asCandidates(KIND_IDS);
  const which = NAMES[option.attributeName()];
  if (which === undefined) return [];
  if (option.attributeName() !== "env") return asCandidates(known[which]);
  const chosen = word.split(",").slice(0, -1);
  const before = chosen.map((name) => `${name},`).join("");
  return asCandidates(known[which].filter((name) => !chosen.includes(name)).map((name) => before + name));
}

/** @param operands one of them may be another manifest */
async function names(operands: readonly string[], manifest: string): Promise<ManifestNames> {
  const file = operands.findLast((one) => /\.ya?ml$/.test(one)) ?? manifest;
  return namesIn(await readFile(file, "utf8").catch(() => "")); // the file may be missing: then there is nothing to offer
}

const asCandidates = (values: readonly string[]): Candidate[] => values.map((value) => ({ value, description: "" }));
