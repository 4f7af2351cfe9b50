// The page of a task: what it is, why, what was tried, what it reads and what it gave.
import {Asking} from './asking.js';
import {bytes, count, duration} from './format.js';
import {taskCell, workerLink} from './links.js';
import {Rows, facts} from './rows.js';

const $ = id => document.getElementById(id);

export class Task {
  // nameOf(board, worker) is what people call a worker
  constructor(nameOf) {
    this.nameOf = nameOf;
    this.attempts = new Rows($('tried-rows'));
    this.inputs = new Rows($('reads-rows'));
    this.asking = new Asking((told, board) => this.draw(told, board));
  }

  open(board, stage, partition) {
    this.drawn = false;
    this.asking.start(board, `/tasks/${stage}/${partition}`);
  }

  close() { this.asking.stop(); }

  worker(board, id) {
    return id < 0 ? '' : {text: this.nameOf(board, id), href: workerLink(board, id)};
  }

  draw(told, board) {
    if (!told && this.drawn) return; // its session has ended: it stays as it was
    this.drawn = true;
    $('one-tables').hidden = !told;
    $('one-query').hidden = told?.job === undefined;
    $('one-unknown').hidden = !!told?.stage;
    $('one-title').textContent = told?.stage ? `${told.stage}, partition ${count(told.partition)}` : 'This task isn’t known';
    $('one-why').textContent = told?.why ?? '';
    this.steps(told?.steps ?? []);
    if (!told) return facts($('one-facts'), []);
    $('one-query').textContent = told.job === undefined ? '' : `Its query: ${told.title}`;
    $('one-query').href = `#query-${board}-${told.job}`;
    this.facts(told, board);
    this.tables(told, board);
  }

  // What it does, each with the line of the program that asked for it.
  steps(steps) {
    const list = $('one-steps');
    while (list.children.length > steps.length) list.lastElementChild.remove();
    while (list.children.length < steps.length) {
      const item = list.appendChild(document.createElement('li'));
      item.appendChild(document.createElement('span'));
      item.appendChild(document.createElement('small'));
    }
    steps.forEach(({label, place, failed}, i) => {
      const [what, where] = list.children[i].children;
      const text = failed ? `${label}: failed here` : label;
      if (what.textContent !== text) what.textContent = text;
      list.children[i].classList.toggle('wrong', failed);
      if (where.textContent !== place) where.textContent = place;
    });
  }

  facts(told, board) {
    const last = told.attempts.findLast(a => !a.failed), gave = told.output ?? last;
    facts($('one-facts'), [
      ['key', `${told.stageId}/${told.partition}`],
      ['attempts that ended', count(told.attempts.length)],
      ['took', last ? duration(last.durationMicros) : ''],
      ['fetched inputs before for', last?.fetchMicros ? duration(last.fetchMicros) : ''],
      ['waited for memory before for', last?.memoryMicros ? duration(last.memoryMicros) : ''],
      ['of that spilled or read back for', last?.spillMicros ? duration(last.spillMicros) : ''],
      ['rows out', gave ? count(gave.rows) : ''],
      ['bytes out', gave ? bytes(gave.bytes) : ''],
      ['output', told.output ? `with ${this.nameOf(board, told.output.worker)}${told.output.replica === undefined ? '' : ` and ${this.nameOf(board, told.output.replica)}`}` : gave ? 'released: nobody needs it any more' : 'none so far'],
    ]);
  }

  tables(told, board) {
    $('tried-empty').hidden = told.attempts.length > 0;
    this.attempts.draw(told.attempts.map(a => ({key: `${a.attempt}/${a.worker}/${a.startMicros}`, cells: [
      count(a.attempt),
      this.worker(board, a.worker),
      a.failed ? {text: `failed${a.why ? `: ${a.why}` : ''}`, className: 'words wrong'} : {text: `ended well in ${duration(a.durationMicros)}`, className: 'words'},
      count(a.rows),
      bytes(a.bytes),
      `${duration(Math.max(0, told.micros - a.startMicros - a.durationMicros))} ago`,
    ]})));
    $('reads-empty').hidden = told.inputs.length > 0;
    this.inputs.draw(told.inputs.map(r => ({key: `${r.stage}/${r.partition}`, cells: [
      r.partition < 0 ? {text: `stage ${r.stage}: ${r.name}`, className: 'words'} : taskCell(board, r.stage, r.partition, r.name),
      r.there === r.tasks ? (r.tasks === 1 ? 'there' : `all ${count(r.tasks)} there`) : r.tasks === 1 ? 'not there yet' : `${count(r.there)} of ${count(r.tasks)} there`,
      this.worker(board, r.worker),
      count(r.rows),
      bytes(r.bytes),
    ]})));
    const story = $('one-story');
    while (story.children.length > told.story.length) story.lastElementChild.remove();
    while (story.children.length < told.story.length) story.appendChild(document.createElement('li'));
    told.story.forEach((line, i) => { if (story.children[i].textContent !== line) story.children[i].textContent = line; });
  }
}
