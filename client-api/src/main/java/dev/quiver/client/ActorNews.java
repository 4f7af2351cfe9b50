package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What all who call an actor are told about it: that it goes on after its worker was lost, and
/// that it has ended.
final class ActorNews {
    /// Of each part of what is told of an end.
    private static final int CHARACTERS_MAX = 8000;

    private static final String PARTS = "\0";

    private final Coordination coordination;
    private final String name;
    private long subscription;
    private long position;

    ActorNews(Coordination coordination, String actor) {
        this.coordination = coordination;
        this.name = actor + " news";
    }

    /// The actor is there from now on: who made it says so before it tells anybody its name. For
    /// any thread.
    void open() {
        coordination.tell(new CoordinationRequest.SetVariable(name, Bytes.of(new byte[1])));
    }

    /// The object has been restored; all who call are to say what they wait for.
    void tellRestored() {
        var _ = coordination.ask(new CoordinationRequest.Publish(name, Bytes.NONE));
    }

    /// The actor has ended. For any thread: it waits for nothing.
    void tellEnd(Throwable why) {
        String[] parts =
                why instanceof QuiverException known
                        ? new String[] {known.what(), known.fix()}
                        : new String[] {why.toString(), "see the cause where the actor was made"};
        for (int i = 0; i < parts.length; i++)
            parts[i] = parts[i].substring(0, Math.min(CHARACTERS_MAX, parts[i].length()));
        byte[] text = String.join(PARTS, parts).getBytes(StandardCharsets.UTF_8);
        coordination.tell(new CoordinationRequest.Delete(Kind.VARIABLE, name));
        coordination.tell(new CoordinationRequest.Publish(name, Bytes.of(text)));
    }

    /// Begins to listen.
    ///
    /// @return false when the actor has ended, or isn't open yet
    boolean subscribe() {
        subscription = coordination.number(new CoordinationRequest.Subscribe(name));
        return coordination
                .ask(Duration.ZERO, patience -> new CoordinationRequest.GetVariable(name, patience))
                .isPresent();
    }

    /// Waits for news after [#subscribe].
    ///
    /// @return why the actor has ended, or empty for each time that it was restored
    List<Optional<Unavailable>> next() {
        var next = new CoordinationRequest.Next(name, subscription, position, Patience.ENDLESS);
        if (!(coordination.ask(next)
                instanceof CoordinationAnswer.Values(long following, _, var values)))
            throw new IllegalStateException("no news of " + name);
        position = following;
        return values.stream().map(ActorNews::read).toList();
    }

    private static Optional<Unavailable> read(Bytes told) {
        if (told.isEmpty()) return Optional.empty();
        String[] parts = new String(told.array(), StandardCharsets.UTF_8).split(PARTS, 2);
        return Optional.of(new Unavailable(parts[0], List.of(), parts[1]));
    }

    /// Listens no more.
    void unsubscribe() {
        coordination.tell(new CoordinationRequest.Unsubscribe(name, subscription));
    }
}
