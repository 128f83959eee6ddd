// What a marker chose in this tab: kept in the tab's own name, which no server sees and which ends with the tab.

const MARK = "panel";

export function remembered() {
  try {
    const found = JSON.parse(window.name);
    return found.kept === MARK ? found : {};
  } catch {
    return {};
  }
}

export function remember(more) {
  window.name = JSON.stringify({ ...remembered(), ...more, kept: MARK });
}
