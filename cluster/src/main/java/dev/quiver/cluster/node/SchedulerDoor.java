package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Greeting;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.Wishes;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.cluster.data.FlightEndpoints;
import dev.quiver.cluster.data.FlightListing;
import dev.quiver.cluster.security.Admission;
import dev.quiver.cluster.security.Caller;
import dev.quiver.cluster.security.Right;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.wire.MalformedMessage;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scheduler's client port: questions are actions, a client's conversation is one exchange
/// without data, whose descriptor is the client's greeting.
final class SchedulerDoor extends NoOpFlightProducer {
    /// The type of all actions.
    static final String ASK = "quiver.ask";

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerDoor.class);

    /// So long a conversation may go on without a greeting.
    static final long GREETING_MILLIS = 5_000;

    /// So many conversations may wait for their greeting.
    static final int UNGREETED_MAX = 256;

    private final BufferAllocator allocator;
    private final Supplier<Office> offices;
    private final FlightListing flights;
    private final Semaphore ungreeted = new Semaphore(UNGREETED_MAX);

    /// @param offices whoever answers at the moment
    /// @param endpoints secured as those of workers
    SchedulerDoor(BufferAllocator allocator, Supplier<Office> offices, FlightEndpoints endpoints) {
        this.allocator = allocator;
        this.offices = offices;
        this.flights =
                new FlightListing(
                        new PublishedOutputs(this::published, PublishedOutputs.Held.NOTHING),
                        endpoints);
    }

    /// Who answers behind the door.
    interface Office {
        /// @param caller who may ask that
        /// @throws QuiverException when it refuses
        Answer answer(Question question, Caller caller);

        /// Connects a client that greets.
        ///
        /// @throws MalformedMessage when it isn't known
        /// @throws QuiverException when there is nobody to talk to
        Talking attach(Greeting greeting, ClientLine line);

        /// Where workers are, from the n-th that came on.
        List<WorkerAddress> addresses(int from);
    }

    /// A client that has begun an exchange.
    interface Talking {
        /// It says something.
        ///
        /// @throws MalformedMessage when it speaks of what isn't its own
        void say(Wishes wishes);

        /// @param forGood false when it may come back
        void end(boolean forGood);
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
        try {
            if (!action.getType().equals(ASK))
                throw new MalformedMessage("no action '%s'".formatted(action.getType()));
            Question question = Language.QUESTIONS.decode(action.getBody());
            listener.onNext(
                    new Result(Language.ANSWERS.encode(answer(question, Admission.caller()))));
            listener.onCompleted();
        } catch (MalformedMessage e) {
            LOG.warn("a question was refused: {}", e.getMessage());
            listener.onError(
                    CallStatus.INVALID_ARGUMENT
                            .withDescription("not understood")
                            .toRuntimeException());
        }
    }

    private Answer answer(Question question, Caller caller) {
        try {
            caller.require(AskedRight.of(question));
            return offices.get().answer(question, caller);
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.ACCESS_DENIED)
                LOG.warn("{} was refused: {}", question.getClass().getSimpleName(), e.what());
            return new Answer.Refused(e.code().name(), e.what(), e.where(), e.fix());
        }
    }

    private List<PublishedRows> published() {
        Caller caller = Admission.caller();
        caller.require(Right.READ);
        if (offices.get().answer(new Question.Frames(), caller) instanceof Answer.Frames(var rows))
            return rows;
        throw new Unavailable(
                "this scheduler stands by", List.of(), "ask the active one of its list");
    }

    @Override
    public void listFlights(
            CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
        flights.all().forEach(listener::onNext);
        listener.onCompleted();
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        return flights.of(descriptor);
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        listener.error(
                CallStatus.INVALID_ARGUMENT
                        .withDescription(
                                "a scheduler holds no rows; ask for the flight's endpoints, and"
                                        + " for each at its location")
                        .toRuntimeException());
    }

    @Override
    public void doExchange(CallContext context, FlightStream reader, ServerStreamListener writer) {
        try {
            Admission.caller().require(Right.SUBMIT);
        } catch (QuiverException e) {
            LOG.warn("a conversation was refused: {}", e.what());
            writer.error(CallStatus.UNAUTHORIZED.withDescription(e.what()).toRuntimeException());
            return;
        }
        if (!ungreeted.tryAcquire()) {
            LOG.warn("a conversation was refused: {} others have to be greeted", UNGREETED_MAX);
            writer.error(
                    CallStatus.RESOURCE_EXHAUSTED
                            .withDescription("too many conversations begin at a time")
                            .toRuntimeException());
            return;
        }
        new Conversation(offices.get(), allocator, reader, writer)
                .hold(GREETING_MILLIS, ungreeted::release);
    }
}
