package dev.quiver.columnar.memory;

/// Whose memory it is: what an error and the dashboard name.
///
/// @param plan the query or session, such as `q17`
/// @param operator such as `GroupBy[carrier]`
/// @param partition its partition, or −1 where there is none
public record Owner(String plan, String operator, int partition) {
    @Override
    public String toString() {
        return partition < 0
                ? "%s of %s".formatted(operator, plan)
                : "%s of %s, partition %d".formatted(operator, plan, partition);
    }
}
