package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.SchedulerNode.Keeping;
import dev.quiver.cluster.node.ScratchDirectory;
import dev.quiver.cluster.process.Supervisor;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The schedulers of a cluster on this machine.
sealed interface LocalSchedulers extends AutoCloseable {
    /// Where they are found.
    List<SchedulerAddress> places();

    /// Where a browser shows what they do; empty where each of several would say it by itself.
    default Optional<URI> dashboard() {
        return Optional.empty();
    }

    /// Calls `action` when they are of no use any more.
    void onBroken(Runnable action);

    boolean isBroken();

    @Override
    void close();

    /// One, in this process.
    record One(SchedulerNode node) implements LocalSchedulers {
        @Override
        public List<SchedulerAddress> places() {
            return List.of(node.place());
        }

        @Override
        public Optional<URI> dashboard() {
            return node.dashboard();
        }

        @Override
        public void onBroken(Runnable action) {
            node.onBroken(action);
        }

        @Override
        public boolean isBroken() {
            return node.isBroken();
        }

        @Override
        public void close() {
            node.close();
        }
    }

    /// Several in processes of their own, which agree on the active one and are started again when
    /// they die.
    final class Several implements LocalSchedulers {
        private static final int PORTS_TRIED = 100;
        private static final Duration PATIENCE = Duration.ofSeconds(60);

        private final Optional<ScratchDirectory> scratch;
        private final List<SchedulerAddress> places;
        private final List<Supervisor> supervisors = new ArrayList<>();

        /// Starts them and waits until one of them is active.
        ///
        /// @param port of the first; the others have the next ones. Where nothing is kept busy ones
        ///   are passed over
        /// @param directory in which each has one of its own; empty for one that goes with them
        /// @param journal a directory in which each has one of its own
        /// @throws dev.quiver.error.QuiverException ARGUMENT_INVALID when so many can't agree,
        ///   UNAVAILABLE when they don't start
        Several(
                String host,
                int port,
                int count,
                Optional<Path> directory,
                Optional<Path> journal,
                Credentials credentials) {
            this.places =
                    (directory.isPresent() ? following(port, count) : free(host, port, count))
                            .stream().map(each -> new SchedulerAddress(host, each)).toList();
            var among = new Keeping.Among(directory.orElse(Path.of("")), places);
            this.scratch =
                    directory.isPresent()
                            ? Optional.empty()
                            : Optional.of(ScratchDirectory.make("quiver-schedulers"));
            Path home = scratch.map(ScratchDirectory::path).orElse(among.directory());
            for (int i = 1; i <= count; i++) supervisors.add(supervisor(i, home, journal));
            supervisors.forEach(Supervisor::start);
            try (var doors = new SchedulerDoors(places, credentials)) {
                var _ = doors.ask(new Question.Usage(), Answer.Usage.class, PATIENCE);
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }

        private Supervisor supervisor(int number, Path home, Optional<Path> journal) {
            String name = "scheduler-" + number;
            SchedulerAddress place = places.get(number - 1);
            var words =
                    new ArrayList<>(
                            List.of(
                                    "scheduler",
                                    NodeCommands.CHILD,
                                    "--host",
                                    place.host(),
                                    "--port",
                                    "" + place.port(),
                                    "--dir",
                                    home.resolve(name).toString(),
                                    "--schedulers",
                                    SchedulerAddress.text(places)));
            journal.ifPresent(
                    to -> words.addAll(List.of("--journal", to.resolve(name).toString())));
            return new Supervisor(
                    name,
                    NodeCommands.command(words),
                    line -> System.out.println(name + ": " + line));
        }

        private static List<Integer> following(int port, int count) {
            var ports = new ArrayList<Integer>();
            for (int i = 0; i < count; i++) ports.add(port + i);
            return ports;
        }

        private static List<Integer> free(String host, int port, int count) {
            var ports = new ArrayList<Integer>();
            for (int i = port; i < port + PORTS_TRIED && ports.size() < count; i++)
                if (isFree(host, i)) ports.add(i);
            if (ports.size() == count) return ports;
            throw new Unavailable(
                    "of the ports from %d to %d only %d are free"
                            .formatted(port, port + PORTS_TRIED - 1, ports.size()),
                    List.of("host: " + host, "needed: " + count),
                    "name another one with --port");
        }

        private static boolean isFree(String host, int port) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
                return socket.isBound();
            } catch (IOException e) {
                return false; // another process has it
            }
        }

        @Override
        public List<SchedulerAddress> places() {
            return places;
        }

        /// They never are: each is started again.
        @Override
        public void onBroken(Runnable action) {}

        @Override
        public boolean isBroken() {
            return false;
        }

        @Override
        public void close() {
            supervisors.parallelStream().forEach(Supervisor::close);
            scratch.ifPresent(ScratchDirectory::close);
        }
    }
}
