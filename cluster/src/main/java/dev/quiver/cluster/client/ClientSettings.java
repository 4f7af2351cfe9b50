package dev.quiver.cluster.client;

import dev.quiver.cluster.control.Question;
import dev.quiver.config.Settings;
import dev.quiver.error.QuiverException;
import dev.quiver.protocol.ClientMessage;
import java.time.Duration;

/// How a session on a cluster behaves.
///
/// @param lease for so long it may be away
/// @param share its weight beside other sessions
/// @param speculates its stragglers are to run a second time
/// @param prints shows what its tasks print
/// @param worker for whose tasks it speaks; [Question.Connect#NO_WORKER] for none
record ClientSettings(
        Duration lease, int share, boolean speculates, PrintedOutput prints, int worker) {
    private static final String LEASE_WANTED = "a whole number of seconds, at most a day";
    private static final String SHARE_WANTED =
            "a whole number from 1 to " + ClientMessage.ShareWanted.WEIGHT_MAX;

    /// @throws QuiverException CONFIG_INVALID when one can't be used
    static ClientSettings of(Settings settings) {
        return new ClientSettings(
                lease(settings),
                share(settings),
                settings.setting(Settings.Key.CLUSTER_SPECULATION).truth(),
                PrintedOutput.of(settings),
                Question.Connect.NO_WORKER);
    }

    private static Duration lease(Settings settings) {
        Settings.Setting set = settings.setting(Settings.Key.CLUSTER_LEASE);
        var lease = Duration.ofSeconds(set.number(LEASE_WANTED));
        if (lease.isPositive() && lease.toMillis() <= Question.Connect.LEASE_MILLIS_MAX)
            return lease;
        throw set.invalid(LEASE_WANTED);
    }

    private static int share(Settings settings) {
        Settings.Setting set = settings.setting(Settings.Key.CLUSTER_SHARE);
        int share = set.number(SHARE_WANTED);
        if (share >= 1 && share <= ClientMessage.ShareWanted.WEIGHT_MAX) return share;
        throw set.invalid(SHARE_WANTED);
    }
}
