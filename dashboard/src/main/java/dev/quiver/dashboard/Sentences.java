package dev.quiver.dashboard;

import dev.quiver.dashboard.Happening.About;
import dev.quiver.dashboard.Happening.Level;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.state.SchedulerEvent;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/// Says what happened in sentences.
final class Sentences {
    private static final int TEXT_MAX = 500;
    private static final long NANOS_PER_MICRO = 1000;

    /// As a worker says why it leaves when it was told to.
    private static final String RETIRED = "retired";

    private final Watched watched;
    private final IntFunction<String> stages;
    private final IntFunction<Optional<JobLine>> jobsOfStages;
    private final LongFunction<Optional<JobLine>> jobs;

    /// @param stages the name of a stage; empty when it isn't known
    /// @param jobsOfStages the described job of which a stage is a part
    /// @param jobs a described job
    Sentences(
            Watched watched,
            IntFunction<String> stages,
            IntFunction<Optional<JobLine>> jobsOfStages,
            LongFunction<Optional<JobLine>> jobs) {
        this.watched = watched;
        this.stages = stages;
        this.jobsOfStages = jobsOfStages;
        this.jobs = jobs;
    }

    /// Empty for what isn't worth a sentence.
    Optional<Happening> of(TaskFeed.News news) {
        return switch (news) {
            case TaskFeed.News.JobOpened(long job, long at) ->
                    jobs.apply(job).map(line -> info(at, began(line), About.job(job)));
            case TaskFeed.News.JobReleased(long job, long at) ->
                    jobs.apply(job)
                            .map(line ->
                                    info(
                                            at,
                                            query(line)
                                                    + " has ended; workers let go of what they held"
                                                    + " for it.",
                                            About.job(job)));
            case TaskFeed.News.JobFailed(long job, String why, long at) -> {
                String who = jobs.apply(job).map(Sentences::query).orElse("Job " + job);
                yield said(at, Level.ERROR, who + " has failed: " + why, about(job));
            }
            case TaskFeed.News.Finished done -> Optional.of(finished(done));
            case TaskFeed.News.Failed failed -> Optional.of(failed(failed));
            case TaskFeed.News.TaskFailed(int stage, int partition, String why, long at) ->
                    said(
                            at,
                            Level.ERROR,
                            "Task %s has failed for good: %s"
                                    .formatted(task(stage, partition), why),
                            About.task(stage, partition, -1));
            case TaskFeed.News.WorkerJoined(int worker, int slots, long at) ->
                    Optional.of(
                            info(
                                    at,
                                    "%s joined, with %s.".formatted(worker(worker), slots(slots)),
                                    About.worker(worker)));
            case TaskFeed.News.WorkerLeft(int worker, _, long at) -> Optional.of(left(worker, at));
            case TaskFeed.News.Happened(var what, long at) -> happened(what, at);
            case TaskFeed.News.Wished(var what, long at) -> wished(what, at);
            case TaskFeed.News.Told(int worker, var what, long at) -> told(worker, what, at);
            case TaskFeed.News.Described _,
                    TaskFeed.News.Opened _,
                    TaskFeed.News.Grown _,
                    TaskFeed.News.Forgotten _ ->
                    Optional.empty();
        };
    }

    /// Only of described jobs there is something to look at.
    private About about(long job) {
        return jobs.apply(job).isPresent() ? About.job(job) : About.NOTHING;
    }

    private static Optional<Happening> said(long at, Level level, String text, About about) {
        return Optional.of(new Happening(at, level, Markup.cut(text, TEXT_MAX), about));
    }

    private static Happening info(long at, String text, About about) {
        return new Happening(at, Level.INFO, Markup.cut(text, TEXT_MAX), about);
    }

    private static String query(JobLine line) {
        return "Query '%s'".formatted(line.what().title());
    }

    private static String began(JobLine line) {
        String place = line.what().place();
        return query(line) + (place.isEmpty() ? " began." : " of %s began.".formatted(place));
    }

    private Happening finished(TaskFeed.News.Finished done) {
        Optional<JobLine> job = jobsOfStages.apply(done.stage());
        String text =
                "Stage %d '%s' has finished: %s rows, %s, %s of work."
                        .formatted(
                                done.stage(),
                                stages.apply(done.stage()),
                                Markup.count(done.rows()),
                                Markup.bytes(done.bytes()),
                                Markup.duration(done.nanos() / NANOS_PER_MICRO));
        return info(
                done.micros(), text, job.map(line -> About.job(line.job())).orElse(About.NOTHING));
    }

    private Happening failed(TaskFeed.News.Failed failed) {
        String text =
                "Attempt %d at task %s failed on %s: %s"
                        .formatted(
                                failed.attempt(),
                                task(failed.stage(), failed.partition()),
                                worker(failed.worker()),
                                failed.why());
        return new Happening(
                failed.micros(),
                Level.WARNING,
                Markup.cut(text, TEXT_MAX),
                About.task(failed.stage(), failed.partition(), failed.worker()));
    }

    private String task(int stage, int partition) {
        String name = stages.apply(stage);
        return "%d/%d%s".formatted(stage, partition, name.isEmpty() ? "" : " of '" + name + "'");
    }

    private static String slots(int count) {
        return count == 1 ? "1 slot" : count + " slots";
    }

    private String worker(int id) {
        return watched.workers().get().stream()
                .filter(usage -> usage.worker() == id)
                .map(Watched.WorkerUsage::name)
                .findFirst()
                .or(() -> watched.registry().departure(id).map(Watched.Departure::name))
                .filter(name -> !name.isEmpty())
                .orElse("worker " + id);
    }

    private Happening left(int worker, long at) {
        String why = watched.registry().departure(worker).map(Watched.Departure::why).orElse("");
        Level level = why.endsWith(RETIRED) ? Level.INFO : Level.WARNING;
        String text = worker(worker) + " has gone" + (why.isEmpty() ? "." : ": " + why + ".");
        return new Happening(at, level, Markup.cut(text, TEXT_MAX), About.worker(worker));
    }

    private Optional<Happening> happened(SchedulerEvent what, long at) {
        return switch (what) {
            case SchedulerEvent.ClientAttached(long client, _) ->
                    Optional.of(info(at, client(client) + " is here.", About.NOTHING));
            case SchedulerEvent.ClientLost(long client) ->
                    Optional.of(info(at, client(client) + " has gone for good.", About.NOTHING));
            case SchedulerEvent.TookOver _ ->
                    Optional.of(info(at, "The scheduler began its work.", About.NOTHING));
            case SchedulerEvent.RebalanceAsked _ ->
                    Optional.of(info(at, "Workers share out anew what they hold.", About.NOTHING));
            default -> Optional.empty();
        };
    }

    private String client(long client) {
        String name = watched.registry().client(client);
        return name.isEmpty() ? "client " + client : name;
    }

    private Optional<Happening> wished(ClientMessage what, long at) {
        return switch (what) {
            case ClientMessage.JobPublished(long job, String name, _) ->
                    Optional.of(info(at, "'%s' was published.".formatted(name), about(job)));
            case ClientMessage.NameWithdrawn(String name) ->
                    Optional.of(
                            info(
                                    at,
                                    "'%s' isn't published any more.".formatted(name),
                                    About.NOTHING));
            case ClientMessage.JobCancelled(long job) -> {
                String who = jobs.apply(job).map(Sentences::query).orElse("Job " + job);
                yield said(at, Level.WARNING, who + " was cancelled.", about(job));
            }
            default -> Optional.empty();
        };
    }

    private Optional<Happening> told(int worker, WorkerMessage what, long at) {
        return switch (what) {
            case WorkerMessage.Retiring _ ->
                    Optional.of(info(at, worker(worker) + " is to leave.", About.worker(worker)));
            case WorkerMessage.InputMissing m ->
                    said(
                            at,
                            Level.WARNING,
                            "Task %s couldn't be given the output of task %s from %s: it is looked for or made again."
                                    .formatted(
                                            task(m.stage(), m.partition()),
                                            task(m.inputStage(), m.inputPartition()),
                                            worker(m.inputWorker())),
                            About.task(m.stage(), m.partition(), worker));
            default -> Optional.empty();
        };
    }
}
