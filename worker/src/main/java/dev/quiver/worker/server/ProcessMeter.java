package dev.quiver.worker.server;

import com.sun.management.OperatingSystemMXBean;
import dev.quiver.protocol.ResourceUsage;
import dev.quiver.worker.store.SpillTraffic;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures what this process uses of its machine, at most a few times a second however often it is
/// asked. Thread-safe.
public final class ProcessMeter {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessMeter.class);
    private static final long AGE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(400);

    /// Where Linux tells; others don't.
    private static final Path STATUS = Path.of("/proc/self/status");

    private static final String RESIDENT = "VmRSS:";
    private static final int PERCENT = 100;
    private static final long KIB = 1 << 10;

    /// What is smaller isn't told, so that an idle process has nothing new to say.
    private static final long STEP_BYTES = 1 << 20;

    private boolean resident = Files.isReadable(STATUS);
    private long measuredNanos = System.nanoTime();
    private long cpuNanos = cpuNanos();
    private Measures last = new Measures(0, heapBytes(), residentBytes());

    private record Measures(int cpuPercent, long heapBytes, long residentBytes) {}

    /// What the process uses now.
    ///
    /// @param sentBytes over the network, since it began
    /// @param receivedBytes over the network, since it began
    public ResourceUsage usage(long sentBytes, long receivedBytes, SpillTraffic spilled) {
        Measures now = measures();
        return new ResourceUsage(
                now.cpuPercent(),
                now.heapBytes(),
                now.residentBytes(),
                sentBytes,
                receivedBytes,
                spilled.writtenBytes(),
                spilled.readBytes());
    }

    private synchronized Measures measures() {
        long now = System.nanoTime();
        long passed = now - measuredNanos;
        if (passed < AGE_NANOS_MAX) return last;
        long cpu = cpuNanos();
        var percent = (int) Math.round((double) PERCENT * (cpu - cpuNanos) / passed);
        last = new Measures(Math.max(0, percent), heapBytes(), residentBytes());
        measuredNanos = now;
        cpuNanos = cpu;
        return last;
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    private static long heapBytes() {
        Runtime runtime = Runtime.getRuntime();
        return inSteps(runtime.totalMemory() - runtime.freeMemory());
    }

    private long residentBytes() {
        if (!resident) return 0;
        try {
            for (String line : Files.readAllLines(STATUS))
                if (line.startsWith(RESIDENT)) return inSteps(kibibytes(line) * KIB);
        } catch (IOException e) {
            LOG.warn("'{}' can't be read: resident memory isn't told", STATUS, e);
        }
        resident = false;
        return 0;
    }

    /// Of a line such as `VmRSS: 1234 kB`.
    private static long kibibytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    private static long inSteps(long bytes) {
        return bytes / STEP_BYTES * STEP_BYTES;
    }
}
