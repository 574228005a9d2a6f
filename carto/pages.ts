/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** How many items a full page has. */
  size: number;
  /** How many items all pages have. CARTO's word: it may be wrong. */
  total: number;
}

/** Pages that are read side by side. */
const AT_ONCE = 8;

/**
 * Reads every item of a list once. The first page says how many there are, and the others are read side by side. As if they were read one by
 * one, the list ends with the first page that is not full, and whatever comes after it does not count.
 *
 * @param first number of the first page
 * @param idOf what an item is known by: if another is deleted meanwhile, it may be on two pages
 */
export async function readPages<Item>(
  read: (page: number) => Promise<Page<Item>>,
  first: number,
  idOf: (item: Item) => string,
): Promise<Item[]> {
  const found = new Map<string, Item>();
  let seen = 0;
  for (let page = first, count = 1; ; ) {
    const answers = await Promise.allSettled(Array.from({ length: count }, (_, index) => read(page + index)));
    page += count;
    for (const answer of answers) {
      if (answer.status === "rejected") throw answer.reason;
      const { items, size, total } = answer.value;
      for (const item of items) found.set(idOf(item), item);
      seen += items.length;
      if (seen >= total || items.length < Math.max(1, size)) return [...found.values()];
      count = Math.min(AT_ONCE, Math.ceil((total - seen) / size));
    }
  }
}
