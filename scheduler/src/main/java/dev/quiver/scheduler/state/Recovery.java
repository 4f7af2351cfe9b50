package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// How a scheduler takes over from another: it reads the log, waits until the workers have told
/// what they hold and run, and then goes on with what is left.
final class Recovery {
    private final Board board;
    private final Lineage lineage;
    private final Submission submission;

    /// Workers that haven't told all yet.
    private final TreeSet<Integer> expected = new TreeSet<>();

    private final List<LogRecord.Restarted> restarted = new ArrayList<>();

    /// How many tasks the log speaks of, by stage.
    private final TreeMap<Integer, Integer> logged = new TreeMap<>();

    private boolean anyone;
    private long deadlineNanos = Long.MAX_VALUE;

    Recovery(Board board, Lineage lineage, Submission submission) {
        this.board = board;
        this.lineage = lineage;
        this.submission = submission;
    }

    /// Reads the next record of the log.
    void replay(LogRecord entry) {
        board.replaying = true;
        board.recovering = true;
        switch (entry) {
            case LogRecord.Said(long client, long sequence, var message) -> {
                heard(client, sequence);
                submission.replay(client, message);
            }
            case LogRecord.Heard(long client, long sequence) -> heard(client, sequence);
            case LogRecord.Left(long client) -> board.coordination.lost(client);
            case LogRecord.Shared(var fact) -> board.coordination.restore(fact);
            case LogRecord.TasksFailed m -> {
                StageState stage = board.stages.get(m.stage());
                for (int p = m.from(); stage != null && p < m.to(); p++) {
                    lineage.failedBefore(stage, p, m.failure(), m.origin(p));
                }
            }
            case LogRecord.Restarted m -> restarted.add(m);
            case LogRecord.JobFailed(long id, var failure, var origin) -> {
                JobState job = board.jobs.get(id);
                if (job != null) {
                    job.fail(failure, origin);
                }
            }
            case LogRecord.StageFinished m -> {
                StageState stage = board.stages.get(m.stage());
                if (stage != null) {
                    finishedBefore(stage, m);
                }
            }
        }
    }

    private void heard(long client, long sequence) {
        if (sequence > 0) {
            board.heard.merge(client, sequence, Math::max);
        }
    }

    private static void finishedBefore(StageState stage, LogRecord.StageFinished m) {
        for (int p = 0; p < stage.tasks.size(); p++) {
            stage.tasks.setFlag(p, TaskPage.COUNTED);
        }
        stage.doneCount = stage.tasks.size();
        stage.rows = m.rows();
        stage.bytes = m.bytes();
        stage.nanos = m.nanos();
        stage.finishReported = true;
    }

    /// The log was read; now workers are waited for.
    void tookOver(List<Integer> workers) {
        board.replaying = false;
        board.recovering = board.stages.count() > 0;
        anyone = workers.isEmpty();
        expected.addAll(workers);
        deadlineNanos = board.now + board.settings.graceNanos();
        board.stages.forEach(stage -> logged.put(stage.id(), stage.tasks.size()));
    }

    /// The worker has told all, or is gone.
    void isDone(int worker) {
        expected.remove(worker);
    }

    long wakeNanos() {
        return board.recovering ? deadlineNanos : Long.MAX_VALUE;
    }

    /// Ends the recovery when it is over.
    void look() {
        if (!board.recovering || board.replaying) {
            return;
        }
        if (isOver()) {
            end();
        }
    }

    private boolean isOver() {
        boolean all = !anyone && expected.isEmpty();
        return all
                || (board.now >= deadlineNanos
                        && board.workers.all().stream().noneMatch(w -> w.announcing));
    }

    private void end() {
        lineage.settle();
        for (LogRecord.Restarted m : restarted) {
            voidAttempts(m);
        }
        lineage.settle();
        board.stages.forEach(this::supposeFinished);
        board.stages.forEach(this::restartDependents);
        lineage.settle();
        board.jobs.values().forEach(lineage::failPending);
        board.stages.forEach(lineage::failForInputs);
        lineage.settle();
        board.stages.forEach(this::countUnneeded);
        board.recovering = false;
        restarted.clear();
        logged.clear();
        expected.clear();
        board.stages.forEach(stage -> {
            if (stage.closed) {
                board.forgettable.add(stage);
            }
        });
    }

    /// Attempts at an impure task before the one that counts, of which somebody may have kept a
    /// copy, and those that started on their outputs.
    private void voidAttempts(LogRecord.Restarted m) {
        StageState root = board.stages.get(m.stage());
        if (root == null || m.partition() >= root.tasks.size()) {
            return;
        }
        voidAttempt(root, m.partition(), m.attempt());
        root.tasks.raiseAttempt(m.partition(), m.attempt() - 1);
        var seen = new TreeSet<Long>();
        var open = new TaskStack();
        Wiring.Visitor visitor =
                (stage, p) -> {
                    if (seen.add(TaskKey.pack(stage.id(), p))) {
                        open.push(stage, p);
                    }
                };
        lineage.restarts.forEachDependent(root, m.partition(), visitor);
        for (int i = 0; i < open.size(); i++) {
            StageState stage = open.stage(i);
            int p = open.partition(i);
            lineage.restarts.forEachDependent(stage, p, visitor);
            voidAttempt(stage, p, m.attempt());
        }
    }

    private void voidAttempt(StageState stage, int p, int attempt) {
        Phase phase = stage.tasks.phase(p);
        if ((phase == Phase.ASSIGNED || phase == Phase.IN_MEMORY)
                && stage.tasks.attempt(p) < attempt) {
            lineage.restarts.restart(stage, p);
        }
    }

    private int loggedCount(StageState stage) {
        return logged.getOrDefault(stage.id(), 0);
    }

    /// Nobody knows which tasks had an output before: all may have.
    private void supposeFinished(StageState stage) {
        for (int p = 0; stage.varies() && p < loggedCount(stage); p++) {
            stage.tasks.setFinishedOnce(p);
        }
    }

    /// An impure task that must run again gives another output than others may have started on.
    private void restartDependents(StageState stage) {
        for (int p = 0; stage.impure() && p < loggedCount(stage); p++) {
            Phase phase = stage.tasks.phase(p);
            if (phase.pending() && phase != Phase.ASSIGNED) {
                lineage.restarts.restartDependents(stage, p);
            }
        }
    }

    /// What is idle now and isn't the client's own wish was finished before, or will never be.
    private void countUnneeded(StageState stage) {
        boolean isRead = !stage.readers.isEmpty() || stage.listedReaders != null;
        if (!isRead && !stage.stage.wanted()) {
            return;
        }
        for (int p = 0; p < loggedCount(stage); p++) {
            if (stage.tasks.phase(p) == Phase.IDLE && !stage.needed(p)) {
                if (!stage.tasks.flag(p, TaskPage.COUNTED)) {
                    stage.tasks.setFlag(p, TaskPage.COUNTED);
                    stage.doneCount++;
                }
                stage.tasks.setFinishedOnce(p);
                stage.tasks.collapseIfReleased(p);
            }
        }
        board.reportIfDone(stage);
    }
}
