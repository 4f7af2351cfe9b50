package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.data.DataSettings;
import dev.quiver.cluster.data.FlightEndpoints;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.Refusal;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.protocol.wire.MalformedMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.Result;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scheduler's client port, seen from outside.
public final class SchedulerClientPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerClientPort.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final SchedulerAddress address;
    private final Credentials credentials;
    private final BufferAllocator allocator = new RootAllocator();
    private final FlightClient client;

    /// @param credentials what is shown there
    public SchedulerClientPort(SchedulerAddress address, Credentials credentials) {
        this.address = address;
        this.credentials = credentials;
        this.client =
                FlightGrpcUtils.createFlightClient(
                        allocator,
                        FlightEndpoints.of(DataSettings.DEFAULTS, credentials)
                                .schedulerChannel(
                                        new InetSocketAddress(address.host(), address.port()))
                                .build());
    }

    /// Asks.
    ///
    /// @throws QuiverException as the scheduler says; UNAVAILABLE when nobody answers
    public <A extends Answer> A ask(Question question, Class<A> expected) {
        return ask(question, expected, PATIENCE);
    }

    /// The same, with less patience for the answer.
    <A extends Answer> A ask(Question question, Class<A> expected, Duration patience) {
        byte[] reply;
        byte[] asked = Language.QUESTIONS.encode(question);
        requireTaken(asked.length);
        try {
            Iterator<Result> results =
                    client.doAction(
                            new Action(SchedulerDoor.ASK, asked),
                            CallOptions.timeout(patience.toMillis(), TimeUnit.MILLISECONDS));
            reply = results.next().getBody();
            while (results.hasNext()) results.next();
        } catch (FlightRuntimeException e) {
            throw switch (e.status().code()) {
                case INVALID_ARGUMENT, UNIMPLEMENTED -> otherLanguage(e);
                case UNAUTHENTICATED ->
                        Refusal.read("the scheduler at " + address, e.status().description(), e);
                default -> new ConnectionFailure(address, credentials).of(e);
            };
        }
        Answer answer;
        try {
            answer = Language.ANSWERS.decode(reply);
        } catch (MalformedMessage e) {
            throw otherLanguage(e);
        }
        if (answer instanceof Answer.Refused(var code, var what, var where, var fix))
            throw new QuiverException(ErrorCode.valueOf(code), what, where, fix);
        if (answer instanceof Answer.StandingBy standing) throw new StandingBy(address, standing);
        if (expected.isInstance(answer)) return expected.cast(answer);
        throw otherLanguage(new MalformedMessage("the answer is " + answer));
    }

    private static void requireTaken(int bytes) {
        if (bytes > FlightEndpoints.QUESTION_BYTES_MAX)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "%s are more than a scheduler takes in".formatted(ByteSize.text(bytes)),
                    List.of("most: " + ByteSize.text(FlightEndpoints.QUESTION_BYTES_MAX)),
                    "leave out of the program what the workers can read from files");
    }

    private QuiverException otherLanguage(Throwable cause) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "what answers at %s isn't a scheduler of this version".formatted(address),
                List.of(),
                "run the same version of Quiver on both sides",
                cause);
    }

    /// Closes it in another thread: what is being asked may take its time to end.
    public void retire() {
        Thread.ofVirtual()
                .name("quiver-port-closer")
                .start(() -> {
                    try {
                        close();
                    } catch (IllegalStateException e) {
                        LOG.debug("a connection to {} was closed while it was used", address, e);
                    }
                });
    }

    /// Where it leads.
    public SchedulerAddress address() {
        return address;
    }

    /// The connection itself.
    public FlightClient flight() {
        return client;
    }

    public BufferAllocator allocator() {
        return allocator;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        allocator.close();
    }
}
