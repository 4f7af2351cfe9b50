package dev.quiver.scheduler.state;

import dev.quiver.operator.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was published under names.
final class Catalog {
    private final TreeMap<String, JobState> jobs = new TreeMap<>();

    /// Why the job can't have the name; empty when it can.
    Optional<String> refusal(String name, @Nullable JobState job) {
        if (jobs.containsKey(name)) {
            return Optional.of("there is something published as '%s' already".formatted(name));
        }
        return job == null || job.released || job.failed() || job.publication != null
                ? Optional.of("the job has ended, or has another name")
                : Optional.empty();
    }

    void publish(String name, JobState job, Bytes content) {
        job.publication = new PublishedJob(name, job.id, content);
        jobs.put(name, job);
    }

    /// The job that had the name; null when nothing had it.
    @Nullable JobState withdraw(String name) {
        JobState job = jobs.remove(name);
        if (job != null) {
            job.publication = null;
        }
        return job;
    }

    /// All, by name.
    List<PublishedJob> all() {
        var all = new ArrayList<PublishedJob>();
        for (JobState job : jobs.values()) {
            PublishedJob publication = job.publication;
            if (publication != null) {
                all.add(publication);
            }
        }
        return all;
    }
}
