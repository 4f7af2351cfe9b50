/// What a worker does and holds, as a pure state machine.
///
/// A shell drives it, by one thread at a time:
///
/// 1. Each message of the scheduler goes in as [WorkerEvent.SchedulerSaid]. Before any event whose
///    time matters, [WorkerEvent.Ticked] tells the time.
/// 2. [WorkerState#on] hands the commands to a consumer. [WorkerCommand.Report] is for the
///    scheduler; all that have gathered when the scheduler gets round to them go into one
///    `SchedulerEvent.WorkerSaid`.
/// 3. [WorkerCommand.Execute] runs a task on a thread of the shell's; there are never more of them
///    than slots. Its end comes back as [WorkerEvent.Executed] (the shell then holds the output
///    under task and attempt) or [WorkerEvent.Threw], always exactly one of them, also after
///    [WorkerCommand.Interrupt]. The thread that brings the end may run the next `Execute` itself:
///    no hand-over to another thread is needed.
/// 4. [WorkerCommand.Fetch] is answered by [WorkerEvent.InputArrived] or
///    [WorkerEvent.InputUnavailable]; with one worker there is never a fetch.
/// 5. Where a scheduler can be replaced, [WorkerEvent.SessionBegan] opens each session with one:
///    what was to be reported and hasn't been sent is thrown away, and the reports that follow tell
///    what is held and runs. Each message then carries the epoch of the scheduler that sent it.
/// 6. [WorkerCommand.DropOutput] and [WorkerCommand.DropInput] give memory back.
@NullMarked
package dev.quiver.worker.state;

import org.jspecify.annotations.NullMarked;
