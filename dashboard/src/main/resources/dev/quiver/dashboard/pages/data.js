// The page of what was published under names.
import {Asking} from './asking.js';
import {bytes, count} from './format.js';
import {workerLink} from './links.js';
import {Rows} from './rows.js';

const $ = id => document.getElementById(id);

const size = d => d.bytes < 0 ? '' : d.missing ? `${bytes(d.bytes)}, ${count(d.missing)} of ${count(d.partitions)} parts are made anew` : bytes(d.bytes);
const since = d => d.sinceMillis < 0 ? '' : new Date(d.sinceMillis).toLocaleString();

export class Data {
  // nameOf(board, worker) is what people call a worker
  constructor(nameOf) {
    this.nameOf = nameOf;
    this.rows = new Rows($('data-rows'));
    this.columns = new Map();
    this.asking = new Asking((told, board) => this.draw(told, board));
  }

  open(board) {
    this.board = board;
    this.asking.start(board, '/data');
  }

  close() { this.asking.stop(); }

  draw(told, board) {
    if (!told) return; // its session has ended: it stays as it was
    $('data-empty').hidden = told.published.length > 0;
    this.rows.draw(told.published.map(d => ({key: d.name, cells: [
      {text: d.name, className: 'words'},
      d.kind === 'frame' ? `frame of ${count(d.width)} ${d.width === 1 ? 'column' : 'columns'}` : 'value',
      d.kind === 'frame' ? count(d.rows) : '',
      {text: size(d), className: d.missing ? 'wrong' : ''},
      {text: d.owner || 'this session', className: 'words'},
      since(d),
      d.workers.length === 1 ? {text: this.nameOf(board, d.workers[0]), href: workerLink(board, d.workers[0])}
        : d.workers.length ? `${count(d.workers.length)} workers` : d.missing ? 'nowhere now' : 'this process',
    ]})));
    const frames = told.published.filter(d => d.kind === 'frame');
    $('schemas').hidden = frames.length === 0;
    this.drawColumns(frames);
  }

  // Rows are asked for when a person opens the frame, and not again until it is opened again.
  async lookAt(name) {
    const {item} = this.columns.get(name), note = item.querySelector('.head-note'), table = item.querySelector('.head');
    if (table.hidden) {
      note.hidden = false;
      note.textContent = 'Asks for its first rows…';
    }
    try {
      const answer = await fetch(`/api/v1/boards/${this.board}/data/${encodeURIComponent(name)}/head`);
      const told = answer.ok ? await answer.json() : {there: false};
      table.hidden = !told.there || told.rows.length === 0;
      note.hidden = told.there && told.rows.length > 0;
      note.textContent = told.there ? 'It has no rows.' : told.why ?? 'Its session has ended.';
      if (table.hidden) return;
      table.querySelector('thead tr').replaceChildren(...told.columns.map(name => {
        const head = document.createElement('th');
        head.scope = 'col';
        head.textContent = name;
        return head;
      }));
      table.querySelector('tbody').replaceChildren(...told.rows.map(cells => {
        const row = document.createElement('tr');
        for (const text of cells) {
          const cell = row.appendChild(document.createElement('td'));
          cell.textContent = text ?? 'null';
          if (text === null) cell.className = 'missing';
        }
        return row;
      }));
    } catch (e) {
      if (!(e instanceof TypeError)) throw e; // it isn't reached now; the banner says so
    }
  }

  // Of each frame a part that opens, with its columns; what is open stays so.
  drawColumns(frames) {
    const wanted = new Set(frames.map(d => d.name));
    for (const [name, shown] of this.columns) if (!wanted.has(name)) { shown.item.remove(); this.columns.delete(name); }
    for (const d of frames) {
      let shown = this.columns.get(d.name);
      if (!shown) {
        const item = $('schema').content.firstElementChild.cloneNode(true), part = name => item.querySelector(name);
        part('.wide').setAttribute('aria-label', `Columns of ${d.name}`);
        part('.head').setAttribute('aria-label', `First rows of ${d.name}`);
        part('code').textContent = `q.catalog().frame(${JSON.stringify(d.name)})`;
        item.addEventListener('toggle', () => item.open && this.lookAt(d.name));
        shown = {item, summary: part('summary'), more: part('p'), rows: new Rows(part('tbody'))};
        this.columns.set(d.name, shown);
      }
      $('schema-list').appendChild(shown.item);
      shown.summary.textContent = `${d.name}: ${d.columns.slice(0, 8).map(c => c.name).join(', ')}${d.width > 8 ? ', …' : ''}`;
      shown.more.textContent = d.width > d.columns.length ? `and ${count(d.width - d.columns.length)} more columns` : '';
      shown.rows.draw(d.columns.map(c => ({key: c.name, cells: [
        {text: c.name, className: 'words'}, {text: c.type, className: 'words'}, c.nullable ? 'yes' : 'no',
      ]})));
    }
  }
}
