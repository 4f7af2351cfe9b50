// What each worker does and holds.
import {bytes, count} from './format.js';

function cell(row) { return row.appendChild(document.createElement('td')); }

function measured(row, label) {
  const at = cell(row);
  const text = at.appendChild(document.createElement('span'));
  at.append(' ');
  const meter = at.appendChild(document.createElement('meter'));
  meter.max = 1;
  meter.high = 0.85;
  meter.setAttribute('aria-label', label);
  return {text, meter};
}

// What its process uses of the machine.
export const cores = w => (w.cpuPercent / 100).toFixed(1);
export const processMemory = w => w.residentBytes ? bytes(w.residentBytes) : `heap ${bytes(w.heapBytes)}`;
export const perSecond = n => `${bytes(n)}/s`;

export class Workers {
  constructor(body) {
    this.body = body;
    this.rows = new Map();
  }

  draw(workers) {
    const there = new Set(workers.map(w => w.id));
    for (const [id, row] of this.rows) if (!there.has(id)) { row.item.remove(); this.rows.delete(id); }
    for (const w of workers) {
      let row = this.rows.get(w.id);
      if (!row) {
        const item = this.body.appendChild(document.createElement('tr'));
        row = {item, name: cell(item), slots: measured(item, `slots busy of ${w.name}`), cores: cell(item), memory: measured(item, `memory of ${w.name}`), process: cell(item), spilled: cell(item), sent: cell(item), received: cell(item)};
        row.slots.meter.high = 1.1;
        this.rows.set(w.id, row);
      }
      row.name.textContent = w.name;
      row.slots.text.textContent = `${count(w.running)} of ${count(w.slots)}`;
      row.slots.meter.value = w.slots ? w.running / w.slots : 0;
      row.memory.text.textContent = `${bytes(w.usedBytes)} of ${bytes(w.limitBytes)}`;
      row.memory.meter.value = w.limitBytes ? w.usedBytes / w.limitBytes : 0;
      row.spilled.textContent = bytes(w.spilledBytes);
      row.cores.textContent = cores(w);
      row.process.textContent = processMemory(w);
      row.sent.textContent = perSecond(w.sentPerSecond);
      row.received.textContent = perSecond(w.receivedPerSecond);
    }
  }
}
