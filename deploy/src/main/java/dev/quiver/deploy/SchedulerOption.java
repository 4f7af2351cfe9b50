package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which cluster a command is about.
final class SchedulerOption {
    @Option(
            names = {"--to", "--at"},
            paramLabel = "HOST:PORT[,…]",
            description =
                    "The cluster's scheduler, or some of several (default: the setting"
                            + " cluster.address, else 127.0.0.1:8786).")
    private @Nullable String place;

    /// Where the schedulers are.
    List<SchedulerAddress> addresses() {
        if (place != null) return SchedulerAddress.parseAll(place);
        String set = Settings.ofProcess().value(Settings.Key.CLUSTER_ADDRESS);
        return set.isEmpty()
                ? List.of(new SchedulerAddress("127.0.0.1", SchedulerAddress.PORT))
                : SchedulerAddress.parseAll(set);
    }

    /// A connection, for whoever opened it to close.
    Jobs jobs() {
        return new Jobs(addresses());
    }

    /// A connection for several questions, for whoever opened it to close.
    SchedulerDoors doors() {
        return connect(addresses());
    }

    /// Asks the cluster with the credentials that are set.
    static <A extends Answer> A ask(
            List<SchedulerAddress> addresses, Question question, Class<A> expected) {
        try (var doors = connect(addresses)) {
            return doors.ask(question, expected, Duration.ZERO);
        }
    }

    private static SchedulerDoors connect(List<SchedulerAddress> addresses) {
        return new SchedulerDoors(addresses, Credentials.of(Settings.ofProcess()));
    }

    /// The submitted programs of a cluster.
    static final class Jobs implements AutoCloseable {
        private final List<SchedulerAddress> addresses;
        private final SchedulerDoors doors;

        private Jobs(List<SchedulerAddress> addresses) {
            this.addresses = addresses;
            this.doors = connect(addresses);
        }

        /// Where the cluster is found, for a command line.
        String place() {
            return SchedulerAddress.text(addresses);
        }

        <A extends DriverAnswer> A ask(DriverQuestion question, Class<A> expected) {
            return expected.cast(
                    doors.ask(new Question.Drivers(question), Answer.Drivers.class, Duration.ZERO)
                            .answer());
        }

        @Override
        public void close() {
            doors.close();
        }
    }
}
