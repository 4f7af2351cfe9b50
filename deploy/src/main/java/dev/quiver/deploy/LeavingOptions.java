package dev.quiver.deploy;

import dev.quiver.cluster.node.Lifespan;
import dev.quiver.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// When and how `quiver worker` leaves.
final class LeavingOptions {
    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description =
                    "How long it may take, after SIGTERM, to end what it runs and give what it"
                            + " holds to others (default: the setting worker.drain, 60s).")
    private @Nullable String drain;

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            description =
                    "After that it retires, and another one takes its place (default: the setting"
                            + " worker.lifetime, else never).")
    private @Nullable String lifetime;

    @Option(
            names = "--lifetime-stagger",
            paramLabel = "TIME",
            description = "Up to so much earlier, so that not all do at once.")
    private @Nullable String stagger;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            description =
                    "It leaves when it ran nothing and held nothing for so long (default: the"
                            + " setting worker.idle.timeout, else never).")
    private @Nullable String idle;

    /// How it leaves, by the options and else by the settings.
    Lifespan lifespan() {
        Duration most = span("--drain", drain, Settings.Key.WORKER_DRAIN).orElse(Duration.ZERO);
        Optional<Duration> life = span("--lifetime", lifetime, Settings.Key.WORKER_LIFETIME);
        Duration early =
                span("--lifetime-stagger", stagger, Settings.Key.WORKER_LIFETIME_STAGGER)
                        .orElse(Duration.ZERO);
        if (life.isPresent() && early.compareTo(life.get()) >= 0)
            throw Complaints.usage(
                    "--lifetime-stagger is not less than --lifetime",
                    List.of("they are: %s and %s".formatted(early, life.get())),
                    "give it a part of the lifetime");
        long less = ThreadLocalRandom.current().nextLong(early.toMillis() + 1);
        return new Lifespan(
                life.map(time -> time.minusMillis(less)),
                span("--idle-timeout", idle, Settings.Key.WORKER_IDLE_TIMEOUT),
                most);
    }

    private static Optional<Duration> span(
            String option, @Nullable String given, Settings.Key setting) {
        Settings.Setting set = Settings.ofProcess().setting(setting);
        String text = given == null ? set.value() : given;
        if (text.isEmpty()) return Optional.empty();
        String what = given == null ? "%s (%s)".formatted(setting.text(), set.origin()) : option;
        return Optional.of(TimeSpan.parse(what, text));
    }
}
