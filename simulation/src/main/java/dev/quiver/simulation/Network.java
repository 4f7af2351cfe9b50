package dev.quiver.simulation;

import java.util.SplittableRandom;

/// Carries messages with delays, in any order; loses some and repeats some.
final class Network {
    private final Timeline timeline;
    private final SplittableRandom random;
    private final int lossPerMille;
    private final int repeatPerMille;
    private final int delayMillis;

    Network(Timeline timeline, SplittableRandom random) {
        this.timeline = timeline;
        this.random = random;
        this.lossPerMille = random.nextInt(3) == 0 ? 0 : random.nextInt(120);
        this.repeatPerMille = random.nextInt(2) == 0 ? 0 : random.nextInt(100);
        this.delayMillis = 1 + random.nextInt(25);
    }

    /// Lets `arrival` happen once, twice or never.
    void send(Runnable arrival) {
        if (random.nextInt(1000) >= lossPerMille) {
            timeline.after(delay(), arrival);
        }
        if (random.nextInt(1000) < repeatPerMille) {
            timeline.after(delay(), arrival);
        }
    }

    private long delay() {
        int millis = random.nextInt(20) == 0 ? delayMillis * 10 : delayMillis;
        return 1 + random.nextLong(millis * Timeline.MILLI);
    }
}
