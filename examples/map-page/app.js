// Uses no map library: makes the two requests that one would make, and shows the results.
const { apiBaseUrl, connectionName, table, token } = await (await fetch("/config.json")).json();

async function read(path, parameters) {
  const url = `${apiBaseUrl}/v3/${path}?${new URLSearchParams(parameters)}`;
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  const body = await response.json();
  return response.ok ? body : Promise.reject(new Error(`${response.status} ${body.error}`));
}

async function show(id, loading, text) {
  const element = document.querySelector(id);
  element.textContent = await loading.then(text, (error) => `Refused: ${error.message}`);
}

const query = `SELECT * FROM ${table} LIMIT 10`;
await Promise.all([
  show("#rows", read(`sql/${connectionName}/query`, { q: query }), ({ rows }) => `Read ${rows.length} stores.`),
  show(
    "#map",
    read(`maps/${connectionName}/table`, { name: table }),
    ({ tilejson }) => `Map with TileJSON ${tilejson}.`,
  ),
]);
