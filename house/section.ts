/**
 * Puts text between the two comments that mark a section of a document: `<!-- NAME begins -->`, or `<!-- NAME begins: NOTE -->`, and
 * `<!-- NAME ends -->`.
 *
 * @throws RangeError When the document does not have them.
 */
export function replaceSection(document: string, name: string, text: string): string {
  const begin = new RegExp(`<!-- ${name} begins?(: [^\\n]*?)? -->`).exec(document);
  const end = new RegExp(`<!-- ${name} ends? -->`).exec(document);
  if (begin === null || end === null || end.index < begin.index) {
    throw new RangeError(`There is no section between <!-- ${name} begins --> and <!-- ${name} ends -->.`);
  }
  return `${document.slice(0, begin.index)}${begin[0]}\n\n${text.trim()}\n\n${document.slice(end.index)}`;
}
