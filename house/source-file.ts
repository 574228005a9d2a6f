import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

/** The measurements of one source file. */
export interface SourceFile {
  /** From the root of the repository. */
  path: string;
  lines: number;
  /** Paths of the files of this repository that it imports, types included. */
  imports: string[];
  /** `as` without `as const`: where the compiler is told instead of asked. */
  casts: number;
  anys: number;
  /** `!` after an expression. */
  assertions: number;
  /** Classes that extend `Error` itself. */
  errorClasses: string[];
  /** Lines of each function without those of the functions in it: a table of handlers is no long function. */
  functions: { name: string; line: number; lines: number }[];
  /** Exports that no comment explains. */
  undocumented: string[];
  /** What it is, in a sentence: of the comment at its head, or of its first documented export. */
  summary: string | undefined;
}

/** Reads and measures a file. */
export function measure(path: string): SourceFile {
  return measureText(path, readFileSync(path, "utf8"));
}

/** Measures the text of a file. */
export function measureText(path: string, text: string): SourceFile {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const file: SourceFile = {
    path,
    lines: text.trimEnd().split("\n").length,
    imports: importsOf(path, source),
    casts: 0,
    anys: 0,
    assertions: 0,
    errorClasses: [],
    functions: [],
    undocumented: [],
    summary: undefined,
  };
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  /** The lines of all functions in the node that are in no other function of it. */
  const visit = (node: ts.Node): number => {
    if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) file.casts++;
    if (node.kind === ts.SyntaxKind.AnyKeyword) file.anys++;
    if (ts.isNonNullExpression(node)) file.assertions++;
    if (isDynamicImport(node)) file.imports.push(...relative(path, node.arguments[0]));
    if (ts.isClassDeclaration(node) && extendsError(node)) file.errorClasses.push(nameOf(node));
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += visit(child);
    });
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return inner;
    const line = lineOf(node.getStart());
    const lines = lineOf(node.getEnd()) - line + 1;
    file.functions.push({ name: node.name?.getText() ?? "", line, lines: lines - inner });
    return lines;
  };
  visit(source);
  const exported = source.statements.filter(isExported);
  file.undocumented = exported.filter((statement) => ts.getJSDocCommentsAndTags(statement).length === 0).map(nameOf);
  file.summary = headOf(source) ?? commentOf(nounOf(path, exported));
  return file;
}

function extendsError({ heritageClauses }: ts.ClassDeclaration): boolean {
  return (
    heritageClauses?.some(({ types }) => types.some(({ expression }) => expression.getText() === "Error")) ?? false
  );
}

/** What the file is named after; else its first class or function with a comment, else its first export with one. */
function nounOf(path: string, exported: readonly ts.Statement[]): ts.Statement | undefined {
  const name = path.replace(/^.*\//, "").replace(/\.ts$/, "").replaceAll("-", "");
  const explained = exported.filter((statement) => commentOf(statement) !== undefined);
  return (
    explained.find((statement) => nameOf(statement).toLowerCase() === name) ??
    explained.find((statement) => ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) ??
    explained[0]
  );
}

function importsOf(path: string, source: ts.SourceFile): string[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    return relative(path, statement.moduleSpecifier);
  });
}

function isDynamicImport(node: ts.Node): node is ts.ImportCall {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** The file of this repository that a specifier in another names. */
function relative(path: string, specifier: ts.Node | undefined): string[] {
  if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith(".")) return [];
  return [normalize(join(dirname(path), specifier.text))];
}

/** Of a declaration: what is exported from elsewhere is explained there. */
function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText() ?? "";
  return "name" in statement ? String((statement.name as ts.Identifier | undefined)?.text) : "";
}

/** The comment of a declaration, without its tags. */
function commentOf(statement: ts.Node | undefined): string | undefined {
  if (statement === undefined) return undefined;
  const comments = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comments.at(-1)?.comment);
  return text === undefined || text.trim() === "" ? undefined : sentence(text);
}

/** A comment that begins the file or follows its imports, and belongs to no declaration. */
function headOf(source: ts.SourceFile): string | undefined {
  const places = [0, ...source.statements.filter(ts.isImportDeclaration).map((statement) => statement.end)];
  const comments = places.flatMap((place) => ts.getLeadingCommentRanges(source.text, place) ?? []);
  const block = comments.find(({ pos }) => /^\/\*[^*]/.test(source.text.slice(pos, pos + 3)));
  return block && sentence(source.text.slice(block.pos + 2, block.end - 2).replaceAll(/^\s*\* ?/gm, " "));
}

/** The first sentence of a comment, on one line. */
function sentence(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  const [first = line] = /^.*?(?<!\be\.g|\bi\.e)[.:](?= |$)/.exec(line) ?? [];
  return first.replace(/[.:]$/, "");
}
