// Passkeys: asks the device, puts its answer into the form, and sends the form. Without script, or without passkeys in
// the browser, forms that need one stay hidden or say so.

const known = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

async function options(form) {
  if (form.dataset.passkey !== "sign-in") return JSON.parse(document.getElementById("passkey-data").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function asked(form) {
  const given = await options(form);
  if (form.dataset.passkey === "create") {
    const publicKey = given.creation_options.publicKey;
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
    };
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  }
  const { publicKey } = given.request_options;
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

function refused(form, text) {
  const words = form.querySelector('.error[role="alert"]');
  words.textContent = text;
  words.hidden = false;
}

for (const form of known ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      form.elements.namedItem("credential").value = JSON.stringify((await asked(form)).toJSON());
    } catch {
      refused(form, "The device gave no passkey. Nothing was changed; try again, or use another way.");
      return;
    }
    form.submit();
  });
}
