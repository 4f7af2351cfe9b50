// Runs that have ended, of this process and of others: a table, with a link to the report of each.
import {Rows} from './rows.js';
import {bytes, count, duration} from './format.js';

// On a cluster whose it was, too.
const title = run => [run.program, run.program && !run.name.startsWith('client ') ? '' : run.name].filter(part => part).join(' · ');

export class Runs {
  constructor() {
    this.rows = new Rows(document.getElementById('run-rows'));
    this.empty = document.getElementById('runs-empty');
    this.table = document.getElementById('runs-table');
  }

  async open() {
    let told;
    try {
      const answer = await fetch('/api/v1/runs');
      if (!answer.ok) {
        this.empty.hidden = false;
        this.empty.textContent = await answer.text();
        return;
      }
      told = await answer.json();
    } catch (e) {
      if (!(e instanceof TypeError)) throw e; // it isn't reached now; the banner says so
      return;
    }
    this.empty.hidden = told.length > 0;
    this.table.hidden = told.length === 0;
    this.rows.draw(told.map(run => ({key: run.id, cells: [
      {text: new Date(run.began).toLocaleString(), href: `/api/v1/runs/${run.id}`},
      {text: title(run), className: 'words'},
      duration(run.micros),
      count(run.queries),
      count(run.tasksEnded),
      {text: count(run.tasksFailed), className: run.tasksFailed ? 'wrong' : ''},
      bytes(run.bytes),
    ]})));
  }
}
