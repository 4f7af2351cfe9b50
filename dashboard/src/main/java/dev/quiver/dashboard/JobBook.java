package dev.quiver.dashboard;

import dev.quiver.protocol.JobDescription;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The jobs that were described, the newest of them. For one thread at a time.
final class JobBook {
    /// So many are shown at most; the oldest go.
    private static final int JOBS_MAX = 100;

    /// Of jobs that weren't submitted yet.
    private final Map<Long, JobDescription> described = new LinkedHashMap<>();

    private final Map<Long, JobLine> jobs = new LinkedHashMap<>();
    private final Map<Integer, Long> jobOf = new HashMap<>();
    private final Map<Integer, StageEnd> ends = new HashMap<>();

    /// What is kept of a stage that has ended.
    record StageEnd(List<Long> figures, Spread spread) {}

    void described(long job, JobDescription what) {
        described.put(job, what);
        if (described.size() > JOBS_MAX) described.remove(described.keySet().iterator().next());
    }

    void opened(long job, long micros) {
        JobDescription what = described.remove(job);
        if (what == null) return;
        jobs.put(job, new JobLine(job, what, micros, -1, ""));
        what.stages().forEach(stage -> jobOf.put(stage.stage(), job));
        if (jobs.size() > JOBS_MAX) forgetOldest();
    }

    private void forgetOldest() {
        Iterator<JobLine> oldest = jobs.values().iterator();
        JobLine gone = oldest.next();
        oldest.remove();
        for (JobDescription.StageSteps stage : gone.what().stages()) {
            jobOf.remove(stage.stage());
            ends.remove(stage.stage());
        }
    }

    /// Whether the stage is one of a described job's.
    boolean has(int stage) {
        return jobOf.containsKey(stage);
    }

    void ended(int stage, StageEnd end, long micros) {
        @Nullable Long job = jobOf.get(stage);
        if (job == null) return;
        ends.put(stage, end);
        jobs.computeIfPresent(job, (_, line) -> allEnded(line) ? line.ended(micros) : line);
    }

    private boolean allEnded(JobLine line) {
        Set<Integer> left = new HashSet<>();
        line.what().stages().forEach(stage -> left.add(stage.stage()));
        left.removeAll(ends.keySet());
        return left.isEmpty();
    }

    void failed(long job, String why, long micros) {
        jobs.computeIfPresent(job, (_, line) -> line.failed(why, micros));
    }

    void released(long job, long micros) {
        described.remove(job);
        jobs.computeIfPresent(job, (_, line) -> line.ended(micros));
    }

    /// The oldest first.
    List<JobLine> lines() {
        return List.copyOf(jobs.values());
    }

    Optional<JobLine> line(long job) {
        return Optional.ofNullable(jobs.get(job));
    }

    /// The described job of which the stage is a part.
    Optional<JobLine> ofStage(int stage) {
        return Optional.ofNullable(jobOf.get(stage)).map(jobs::get);
    }

    /// Empty while the stage runs.
    Optional<StageEnd> end(int stage) {
        return Optional.ofNullable(ends.get(stage));
    }
}
