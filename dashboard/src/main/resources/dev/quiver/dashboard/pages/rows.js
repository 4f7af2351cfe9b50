// A table's rows by key. What is there is changed in place, so that focus and selection stay.

function fill(cell, told) {
  const spec = typeof told === 'object' && told !== null ? told : {text: String(told)};
  let at = cell;
  if (spec.href) {
    if (cell.firstElementChild?.tagName !== 'A') cell.replaceChildren(document.createElement('a'));
    at = cell.firstElementChild;
    if (at.getAttribute('href') !== spec.href) at.setAttribute('href', spec.href);
  } else if (spec.meter !== undefined) {
    if (cell.lastElementChild?.tagName !== 'METER') {
      const text = document.createElement('span'), meter = document.createElement('meter');
      meter.max = 1;
      meter.high = spec.high ?? 0.85;
      meter.setAttribute('aria-label', spec.label);
      cell.replaceChildren(text, ' ', meter);
    }
    cell.lastElementChild.value = spec.meter;
    at = cell.firstElementChild;
  } else if (cell.firstElementChild) cell.replaceChildren();
  if (at.textContent !== spec.text) at.textContent = spec.text;
  cell.className = spec.className ?? '';
}

export class Rows {
  constructor(body) {
    this.body = body;
    this.rows = new Map();
  }

  // of each item a key and cells: texts, or {text, href}, {text, meter, label}, {text, className}
  draw(items) {
    const wanted = new Set(items.map(item => item.key));
    for (const [key, row] of this.rows) if (!wanted.has(key)) { row.remove(); this.rows.delete(key); }
    let before = null;
    for (const {key, cells} of items) {
      let row = this.rows.get(key);
      if (!row) {
        row = document.createElement('tr');
        for (let i = 0; i < cells.length; i++) row.appendChild(document.createElement('td'));
        this.rows.set(key, row);
      }
      const next = before ? before.nextSibling : this.body.firstChild;
      if (next !== row) this.body.insertBefore(row, next);
      before = row;
      cells.forEach((told, i) => fill(row.children[i], told));
    }
  }
}

// A list of what something is and how much: <dl>.
export function facts(list, told) {
  const shown = told.filter(([, value]) => value !== '');
  while (list.children.length > shown.length) list.lastElementChild.remove();
  while (list.children.length < shown.length) {
    const pair = list.appendChild(document.createElement('div'));
    pair.appendChild(document.createElement('dt'));
    pair.appendChild(document.createElement('dd'));
  }
  shown.forEach(([name, value], i) => {
    const [term, text] = list.children[i].children;
    if (term.textContent !== name) term.textContent = name;
    if (text.textContent !== value) text.textContent = value;
  });
}
