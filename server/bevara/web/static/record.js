const follow = { j: "next", k: "prev", escape: "up" };

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input[type=text], input[type=search], select, textarea")) return;
  const key = event.key.toLowerCase();
  if (key !== "escape" && localStorage.getItem("bevara-single-keys") === "off") return;
  const link = follow[key] && document.querySelector(`a[rel=${follow[key]}]`);
  const reason = /^[1-8]$/.test(key) && document.querySelectorAll("input[name=skal]")[Number(key) - 1];
  if (!link && !reason) return;
  event.preventDefault();
  if (link) link.click();
  else reason.click();
}

document.addEventListener("keydown", press);
