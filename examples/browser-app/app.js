import { createAuth0Client } from "@auth0/auth0-spa-js";

// CARTO's authority is Auth0, so Auth0's SDK handles the authorization code, PKCE and token renewal.
const { clientId, domain } = await (await fetch("/config.json")).json();
const client = await createAuth0Client({
  domain,
  clientId,
  authorizationParams: { redirect_uri: window.location.origin, audience: "carto-cloud-native-api" },
});

if (new URLSearchParams(window.location.search).has("code")) {
  await client.handleRedirectCallback();
  window.history.replaceState({}, "", "/");
}

const user = await client.getUser();
if (user) document.querySelector("#user").textContent = `Logged in as ${user.name ?? user.sub}.`;
const button = (id, onClick) => {
  const element = document.querySelector(id);
  element.addEventListener("click", onClick);
  element.disabled = false;
};
button("#log-in", () => client.loginWithRedirect());
button("#log-out", () => client.logout({ logoutParams: { returnTo: window.location.origin } }));
