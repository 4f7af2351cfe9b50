package dev.quiver.pipeline;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What a run takes from outside.
///
/// @param pause lets time pass between tries
/// @param random for the jitter of these pauses, nothing else
/// @param nanos a clock that only goes forward
/// @param clock the time of day, which only rules about freshness depend on
/// @param trouble what goes wrong on purpose
/// @param keysMax how many keys that were seen stay in memory
/// @param user who runs it, for the audit log
record Surroundings(
        Disk disk,
        Pause pause,
        RandomGenerator random,
        LongSupplier nanos,
        InstantSource clock,
        Trouble trouble,
        long keysMax,
        String user) {
    Surroundings(
            Disk disk,
            Pause pause,
            RandomGenerator random,
            LongSupplier nanos,
            InstantSource clock) {
        this(
                disk,
                pause,
                random,
                nanos,
                clock,
                Trouble.NONE,
                LoadedKeys.IN_MEMORY_MAX,
                System.getProperty("user.name", ""));
    }

    /// Lets time pass.
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    static Surroundings real() {
        return new Surroundings(
                new StoreDisk(new LocalDisk()),
                duration -> Thread.sleep(duration),
                RandomGenerator.getDefault(),
                System::nanoTime,
                InstantSource.system());
    }

    /// The same, where something goes wrong on purpose and nobody waits between tries.
    Surroundings with(Trouble other) {
        return new Surroundings(disk, _ -> {}, random, nanos, clock, other, keysMax, user);
    }

    /// The same with another number of keys in memory.
    Surroundings withKeys(long max) {
        return new Surroundings(disk, pause, random, nanos, clock, trouble, max, user);
    }
}
