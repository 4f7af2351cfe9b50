package dev.quiver.worker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.ResourceUsage;
import dev.quiver.worker.store.SpillTraffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ProcessMeterTest {
    @Test
    @Timeout(60)
    void a_busy_process_says_so() {
        var meter = new ProcessMeter();
        ResourceUsage usage;

        do usage = meter.usage(1, 2, new SpillTraffic(3, 4));
        while (usage.cpuPercent() < 10);

        assertThat(usage.heapBytes()).isPositive().isLessThanOrEqualTo(usage.residentBytes());
        assertThat(usage.heapBytes() % (1 << 20)).isZero();
        assertThat(usage.sentBytes()).isEqualTo(1);
        assertThat(usage.receivedBytes()).isEqualTo(2);
        assertThat(usage.spillWrittenBytes()).isEqualTo(3);
        assertThat(usage.spillReadBytes()).isEqualTo(4);
    }
}
