package dev.quiver.cluster.node;

import dev.quiver.client.TaskCode;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Orders;
import dev.quiver.cluster.control.Programs;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.cluster.process.DriverProcesses;
import dev.quiver.error.Unavailable;
import dev.quiver.graph.Stage;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.worker.server.WorkerShell;
import dev.quiver.worker.state.WorkerSettings;
import dev.quiver.worker.user.UserCode;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker in this process.
public final class WorkerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);
    private static final long TICK_MILLIS = 500;

    /// Who fetches always answers, so that nothing is asked for again.
    private static final long FETCHED_IN_ANY_CASE = 0;

    /// A scheduler that isn't heard of for so long has given this worker up.
    private static final long SILENCE_NANOS = 15_000_000_000L;

    private final AlarmClock clock;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final CodeStore codes = new CodeStore();
    private final UserCode userCode = new UserCode(WorkerNode.class.getClassLoader());
    private final SchedulerClientPort door;
    private final ClientCodes clients;
    private final Holdings holdings;
    private final DecodingEngine programs;
    private final IgniteNode node;
    private final SchedulerPeer scheduler;
    private final WorkerShell shell;
    private final ScratchDirectory scratch = ScratchDirectory.make("quiver-drivers");
    private final DriverProcesses drivers;
    private final int number;
    private WorkerWord.Load load = new WorkerWord.Load(0, 0);

    /// @param scheduler where it joins
    /// @param name for people
    /// @param host the address that it listens on
    /// @param slots how many tasks run at a time
    /// @param memoryBytes its budget of counted memory
    public record Setup(
            SchedulerAddress scheduler, String name, String host, int slots, long memoryBytes) {}

    private WorkerNode(Setup setup, DriverProcesses.Launcher launcher) {
        Loopback.require(setup.host());
        this.door = new SchedulerClientPort(setup.scheduler());
        Answer.Joined joined = join(setup, door);
        this.clients = new ClientCodes(door);
        this.number = joined.worker();
        this.clock = new AlarmClock("quiver-worker-clock");
        this.holdings = new Holdings(number, setup.host(), setup.memoryBytes());
        this.programs = new DecodingEngine(holdings, clients);
        this.node = member(setup, joined);
        this.scheduler =
                new SchedulerPeer(
                        number,
                        node.schedulers().getFirst(),
                        node,
                        userCode,
                        this::shell,
                        programs::takeCounts,
                        cause -> stop("it failed: " + cause));
        this.shell = shell(setup);
        this.drivers = new DriverProcesses(launcher, scratch.path(), this::ask);
        shell.start();
        node.listen(WorkerPeers.TO_WORKER, this::receive);
        node.onLeft(this::left);
        clock.every(TICK_MILLIS, this::tick);
        scheduler.send(
                new WorkerWord.Hello(
                        setup.name(),
                        setup.slots(),
                        setup.memoryBytes(),
                        setup.host(),
                        holdings.port()));
    }

    private static IgniteNode member(Setup setup, Answer.Joined joined) {
        return IgniteNode.start(
                new IgniteNode.Setup(
                        IgniteNode.Role.WORKER, setup.name(), setup.host(), joined.discovery(), 0));
    }

    private WorkerShell shell(Setup setup) {
        var alarm = clock.alarm(() -> nudge());
        return new WorkerShell(
                new WorkerSettings(
                        number, setup.slots(), setup.memoryBytes(), true, FETCHED_IN_ANY_CASE),
                "quiver-worker",
                new WorkerShell.Surroundings(
                        scheduler,
                        holdings.objects(),
                        programs,
                        holdings.fetcher(),
                        holdings::freeBytes,
                        clock::nanos,
                        alarm::set,
                        Inbox.Relief.NONE));
    }

    private DriverAnswer ask(DriverQuestion question) {
        return door.ask(new Question.Drivers(question), Answer.Drivers.class).answer();
    }

    /// Joins a cluster.
    ///
    /// @param launcher of submitted programs
    /// @throws Unavailable when no scheduler answers there
    public static WorkerNode start(Setup setup, DriverProcesses.Launcher launcher) {
        return new WorkerNode(setup, launcher);
    }

    private static Answer.Joined join(Setup setup, SchedulerClientPort door) {
        var handshake = Bytes.of(Language.handshake().encode());
        try {
            return door.ask(new Question.Join(handshake, setup.name()), Answer.Joined.class);
        } catch (RuntimeException | Error e) {
            door.close();
            throw e;
        }
    }

    private WorkerShell shell() {
        return shell;
    }

    private void nudge() {
        shell.nudge();
    }

    private void tick() {
        var now = new WorkerWord.Load(shell.running(), holdings.usedBytes());
        if (!now.equals(load)) scheduler.send(now);
        load = now;
        scheduler.tick();
        if (System.nanoTime() - scheduler.heardNanos() > SILENCE_NANOS)
            stop("the scheduler isn't heard of any more");
    }

    private void left(UUID member) {
        if (node.schedulers().isEmpty()) stop("the scheduler has gone");
    }

    private void receive(UUID sender, byte[] bytes) {
        if (bytes.length == 0) {
            stop("the scheduler has given it up");
            return;
        }
        try {
            for (Orders orders : scheduler.receive(bytes)) take(orders);
        } catch (MalformedMessage e) {
            LOG.warn("a frame of {} was ignored: {}", sender, e.getMessage());
        }
    }

    private void take(Orders orders) {
        orders.peers().forEach(holdings.peers()::add);
        orders.goneClients().forEach(clients::forget);
        orders.codes().forEach(codes::put);
        orders.drivers().forEach(drivers::obey);
        boolean first = false;
        for (SchedulerMessage message : orders.messages()) first |= shell.tell(runnable(message));
        if (first) shell.deliver();
    }

    private SchedulerMessage runnable(SchedulerMessage message) {
        if (message instanceof SchedulerMessage.StageClosed(int stage)) codes.forget(stage);
        if (!(message instanceof SchedulerMessage.StageOpened(Stage stage))) return message;
        if (!(stage.program() instanceof EncodedProgram program) || !Programs.isTasks(program))
            return message;
        int id = stage.id();
        ClientCode client = clients.of(Programs.client(program));
        Closures.Source source =
                partition -> TaskCode.closure(codes.get(id, partition), client.session());
        return new SchedulerMessage.StageOpened(stage.withProgram(new Closures(source)));
    }

    private void stop(String why) {
        end.complete(why);
    }

    /// The worker's number in its cluster.
    public int number() {
        return number;
    }

    /// Calls `action` when it is of no use any more.
    public void onEnd(Runnable action) {
        var _ = end.thenRun(action);
    }

    /// Why it is of no use any more; empty while it is.
    public String endedBecause() {
        return end.getNow("");
    }

    /// Says goodbye; what it holds goes.
    @Override
    public void close() {
        drivers.close();
        scheduler.send(new WorkerWord.Goodbye());
        shell.close();
        clock.close();
        node.close();
        holdings.close();
        clients.close();
        scratch.close();
        door.close();
    }
}
