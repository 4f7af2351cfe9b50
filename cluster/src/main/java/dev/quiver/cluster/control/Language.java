package dev.quiver.cluster.control;

import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.Handshake;
import dev.quiver.protocol.wire.Wire;

/// All messages between the processes of a cluster, as bytes.
public final class Language {
    public static final Wire<WorkerWord> WORKER_WORDS = Wire.of(WorkerWord.class, Foreign.NONE);
    public static final Wire<Orders> ORDERS = Wire.of(Orders.class, Foreign.NONE);
    public static final Wire<Wishes> WISHES = Wire.of(Wishes.class, Foreign.NONE);
    public static final Wire<Notices> NOTICES = Wire.of(Notices.class, Foreign.NONE);
    public static final Wire<Greeting> GREETINGS = Wire.of(Greeting.class, Foreign.NONE);
    public static final Wire<Question> QUESTIONS = Wire.of(Question.class, Foreign.NONE);
    public static final Wire<Answer> ANSWERS = Wire.of(Answer.class, Foreign.NONE);

    private static final long MIXER = 0x9E37_79B9_7F4A_7C15L;

    private Language() {}

    /// What this process says first.
    public static Handshake handshake() {
        long fingerprint = 0;
        for (Wire<?> wire :
                new Wire<?>[] {
                    WORKER_WORDS, ORDERS, WISHES, NOTICES, GREETINGS, QUESTIONS, ANSWERS
                }) fingerprint = (fingerprint ^ wire.fingerprint()) * MIXER;
        return new Handshake(fingerprint, QuiverVersion.text());
    }
}
