import { type Members, membersOf, type Study } from "./contract-study.ts";

const OTHER_SIZES = ["limit", "per_page", "perPage", "size", "pageSize", "page_limit", "count"];
const OTHER_PAGES = ["page_number", "pageNumber", "number", "p", "pageIndex", "page_index"];

/** Tries the query parameters of paging, and the numbers around a listing. */
export async function tryPaging(study: Study): Promise<void> {
  await pageSize(study);
  const before = study.firstAnswer().total;
  const after = await study.envelope();
  const whole = (name: string) => Number.isInteger(after[name]);
  if (!whole("total")) {
    const grown = study.names(after).filter((name) => whole(name) && Number(after[name]) > Number(before[name]));
    const [name] = grown;
    if (grown.length === 1 && name !== undefined)
      study.learn("list", "total", name, "it grew with the clients created");
    else study.open("the member with the number of all clients");
  }
}

async function pageSize(study: Study): Promise<void> {
  const plain = await study.envelope();
  const wholes = study.names(plain).filter((name) => Number.isInteger(plain[name]));
  const sized = async (parameter: string) => {
    const answer = await study.ask("GET", `${study.path}?${parameter}=1`);
    return answer && answer.status < 300 ? membersOf(answer.body) : undefined;
  };
  for (const parameter of ["page_size", ...OTHER_SIZES]) {
    const body = await sized(parameter);
    const items = body?.[study.data];
    const followed = wholes.filter((name) => body?.[name] === 1 && plain[name] !== 1);
    const isShorter = Array.isArray(items) && items.length === 1 && study.count(plain) > 1;
    if (body === undefined || !(isShorter || followed.length === 1)) continue;
    study.learn("paging", "page_size", parameter, "with 1, a list call answered with a page of one client");
    const [member] = followed;
    if (typeof plain.page_size === "number") return pageNumber(study, parameter, wholes);
    if (followed.length === 1 && member !== undefined)
      study.learn("list", "page_size", member, `it followed the parameter ${parameter}`);
    else study.open("the member with the size of a page");
    return pageNumber(study, parameter, wholes);
  }
  study.open("the query parameters of paging");
}

/** @param size the query parameter of a page's size */
async function pageNumber(study: Study, size: string, wholes: readonly string[]): Promise<void> {
  const at = async (parameter: string, number: number) => {
    const answer = await study.ask("GET", `${study.path}?${parameter}=${number}&${size}=1`);
    return answer && answer.status < 300 ? membersOf(answer.body) : undefined;
  };
  const id = (body: Members | undefined) => {
    const [item] = study.listIn(body)?.items ?? [];
    return item?.[study.word("client_id")];
  };
  for (const parameter of ["page", ...OTHER_PAGES]) {
    const [zero, one, two] = [await at(parameter, 0), await at(parameter, 1), await at(parameter, 2)];
    const followed = wholes.filter((name) => Number(two?.[name]) - Number(one?.[name]) === 1);
    if (one === undefined || (followed.length !== 1 && id(one) === id(two))) continue;
    const why = "list calls with another number answered with another page";
    study.learn("paging", "page", parameter, why);
    const fromZero = id(zero) !== undefined && id(zero) !== id(one);
    if (fromZero) study.learn("paging", "first", 0, "page 0 is answered, and with other clients than page 1");
    const [member] = followed;
    if (followed.length === 1 && member !== undefined)
      return study.learn("list", "page", member, `it followed the parameter ${parameter}`);
    return study.open("the member with the number of a page");
  }
  study.open("the query parameter of a page's number");
}
