// Keeps a page up to date: an event says that something changed, then the page is fetched again and only what differs is
// replaced, so that focus, scroll position and open details stay. Without this script the page is the same, and still.
"use strict";
(() => {
  const LOST_AFTER = 12000; // Milliseconds; the server sends an event every 4 s
  const PAUSE = 500;
  const main = document.getElementById("content");
  const live = document.getElementById("live");
  document.documentElement.classList.add("js");

  const isSame = (one, other) =>
    one.nodeType === other.nodeType && one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
  const keyOf = (node) => (node.dataset && node.dataset.key) || node.id || "";

  function copyAttributes(from, to) {
    const kept = to.nodeName === "DETAILS" ? ["open"] : [];
    for (const { name } of [...to.attributes]) {
      if (!from.hasAttribute(name) && !kept.includes(name)) to.removeAttribute(name);
    }
    for (const { name, value } of from.attributes) {
      if (to.getAttribute(name) !== value && !kept.includes(name)) to.setAttribute(name, value);
    }
  }

  function following(first, wanted) {
    let node = first;
    while (node && !isSame(node, wanted)) node = node.nextSibling;
    return node;
  }

  // An element that was moved would lose the focus, so what stands before it goes instead, unless it has a key.
  function withoutNodesBetween(first, last) {
    let node = first;
    while (node !== last) {
      const rest = node.nextSibling;
      if (!keyOf(node)) node.remove();
      node = rest;
    }
    return last;
  }

  // Makes one node equal to another of the same kind.
  function morph(node, wanted) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      if (node.nodeValue !== wanted.nodeValue) node.nodeValue = wanted.nodeValue;
      return;
    }
    copyAttributes(wanted, node);
    const keys = new Set([...wanted.children].map(keyOf));
    for (const child of [...node.children]) {
      if (keyOf(child) && !keys.has(keyOf(child))) child.remove();
    }
    const byKey = new Map([...node.children].filter(keyOf).map((child) => [keyOf(child), child]));
    let next = node.firstChild;
    for (const child of [...wanted.childNodes]) {
      let found = null;
      if (keyOf(child)) {
        const keyed = byKey.get(keyOf(child));
        found = keyed && isSame(keyed, child) ? keyed : null;
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        found = following(next, child);
        if (found) next = withoutNodesBetween(next, found);
      } else if (next && isSame(next, child)) {
        found = next;
      }
      if (!found) {
        node.insertBefore(document.importNode(child, true), next);
        continue;
      }
      if (found === next) next = next.nextSibling;
      else node.insertBefore(found, next);
      morph(found, child);
    }
    while (next) {
      const rest = next.nextSibling;
      next.remove();
      next = rest;
    }
  }

  // As Age.java: two units while the first is small.
  function age(seconds) {
    const two = (large, unit, small, smallUnit, below) =>
      large + unit + (large < below && small > 0 ? small + smallUnit : "");
    const all = Math.max(0, Math.floor(seconds));
    if (all < 120) return all + "s";
    if (all < 3600) return two(Math.floor(all / 60), "m", all % 60, "s", 10);
    if (all < 172800) return two(Math.floor(all / 3600), "h", Math.floor(all / 60) % 60, "m", 8);
    return two(Math.floor(all / 86400), "d", Math.floor(all / 3600) % 24, "h", 8);
  }

  let offset = 0; // Between the clocks of the server and of this browser, in milliseconds

  function compareClocks() {
    const difference = Date.parse(main.dataset.now) - Date.now();
    offset = Math.abs(difference) > 5000 ? difference : 0;
  }

  function showAges() {
    for (const time of document.querySelectorAll("time[data-age]")) {
      const text = age((Date.now() + offset - Date.parse(time.dateTime)) / 1000);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function say(text, lost) {
    if (live.textContent !== text) live.textContent = text;
    live.classList.toggle("lost", lost);
  }

  let shown = null; // The number of the page that is shown
  let wanted = null;
  let busy = false;

  async function update() {
    if (busy || wanted === shown) return;
    busy = true;
    const number = wanted;
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("content");
      if (fresh) {
        morph(main, fresh);
        compareClocks();
        document.title = page.title;
        shown = number;
        showAges();
      }
    } catch (failure) {
      // The next event tries again, and the watch below says that the connection is lost
    }
    setTimeout(() => {
      busy = false;
      update();
    }, PAUSE);
  }

  let source = null;
  let heard = Date.now();

  function lost() {
    if (source) say("connection lost at " + new Date(heard).toLocaleTimeString() + ", trying again", true);
  }

  function connect() {
    source = new EventSource(document.body.dataset.events);
    source.addEventListener("error", lost);
    source.addEventListener("page", (event) => {
      heard = Date.now();
      say("live", false);
      if (shown === null) shown = ""; // What was served may be older than the first number
      wanted = event.data;
      update();
    });
  }

  setInterval(() => {
    showAges();
    if (document.hidden) return;
    if (Date.now() - heard > LOST_AFTER) lost();
    // After an answer that is no event stream, the browser does not try again by itself
    if (source && source.readyState === EventSource.CLOSED && Date.now() - heard > PAUSE * 10) connect();
  }, 1000);

  // A browser has few connections to one host: hidden pages give theirs back.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      if (source) source.close();
      source = null;
    } else if (!source) {
      heard = Date.now();
      connect();
    }
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say("copied", false);
    } catch (failure) {
      getSelection().selectAllChildren(button.previousElementSibling);
    }
  });

  compareClocks();
  connect();
})();
