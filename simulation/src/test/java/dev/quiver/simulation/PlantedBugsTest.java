package dev.quiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the simulation is worth: it finds each of these mistakes. Each has classes of its own, so
/// that two are looked for at a time.
@Execution(ExecutionMode.CONCURRENT)
class PlantedBugsTest {
    private static final int SEEDS_MAX = 20_000;

    static Stream<Bug> bugs() {
        return Stream.of(
                        schedulerBugs(),
                        lineageBugs(),
                        workerBugs(),
                        retirementBugs(),
                        speculationBugs(),
                        replicationBugs(),
                        takeoverBugs(),
                        sessionBugs())
                .flatMap(Function.identity());
    }

    private static Stream<Bug> schedulerBugs() {
        return Stream.of(
                Bug.alwaysTrue(
                        "no fence: any attempt counts", "scheduler.state.Reports", "current"),
                Bug.omitted("a Free gets lost", "scheduler.state.Board", "free"),
                Bug.number(
                        "missing inputs are decremented twice",
                        "scheduler.state.TaskTable",
                        "removeMissing",
                        1,
                        2),
                Bug.number(
                        "the attempt isn't counted up",
                        "scheduler.state.Assignment",
                        "nextAttempt",
                        1,
                        0),
                Bug.omitted("slots are never free again", "scheduler.state.WorkerRecord", "ended"),
                Bug.omitted(
                        "a task that goes on isn't counted",
                        "scheduler.state.WorkerRecord",
                        "resumed"),
                Bug.omitted("a retry never comes", "scheduler.state.Delays", "add"),
                Bug.omitted(
                        "tasks of a lost worker are forgotten",
                        "scheduler.state.Reports",
                        "lostFrom"),
                Bug.alwaysTrue(
                        "the worker isn't told where inputs are",
                        "scheduler.state.StageState",
                        "located"));
    }

    private static Stream<Bug> lineageBugs() {
        return Stream.of(
                Bug.omitted("inputs stay needed for ever", "scheduler.state.Lineage", "dropInputs"),
                Bug.omitted(
                        "dependents of an impure output don't start again",
                        "scheduler.state.Restarts",
                        "restartDependents"),
                Bug.omitted("a lost output isn't noticed", "scheduler.state.Lineage", "lose"),
                Bug.omitted(
                        "a failure doesn't reach those who read everything",
                        "scheduler.state.Lineage",
                        "failPending"),
                Bug.alwaysTrue(
                        "stages are forgotten too early", "scheduler.state.Forgetting", "isQuiet"));
    }

    private static Stream<Bug> workerBugs() {
        return Stream.of(
                Bug.omitted("outputs are never dropped", "worker.state.WorkerState", "dropOutput"),
                Bug.omitted("copies are never dropped", "worker.state.InputCopies", "release"),
                Bug.alwaysTrue(
                        "slots and memory aren't looked at", "worker.state.WorkerState", "admits"),
                Bug.omitted("who has waited never goes on", "worker.state.YieldedSlots", "resume"),
                Bug.alwaysTrue(
                        "an input of one's own is taken for granted",
                        "worker.state.WorkerState",
                        "hasOwnInputs"),
                Bug.replaced(
                        "repeated frames are taken twice",
                        "protocol.Link",
                        "take",
                        PlantedBugsTest::takeAnyFrame));
    }

    private static Stream<Bug> retirementBugs() {
        return Stream.of(
                Bug.replaced(
                        "a worker leaves without its outputs being copied",
                        "scheduler.state.Retirement",
                        "firstHeld",
                        code -> code.aconst_null().areturn()),
                Bug.omitted(
                        "outputs of one that is to leave stay there",
                        "scheduler.state.Retirement",
                        "copySome"),
                Bug.alwaysFalse(
                        "a worker leaves while it takes outputs over",
                        "scheduler.state.Retirement",
                        "takesPart"),
                Bug.omitted(
                        "what a lost worker was to copy is forgotten",
                        "scheduler.state.Retirement",
                        "lost"),
                Bug.omitted("a copy isn't held", "worker.state.CopiedOutputs", "arrived"));
    }

    private static Stream<Bug> speculationBugs() {
        return Stream.of(
                Bug.omitted(
                        "the slower of two attempts isn't cancelled",
                        "scheduler.state.Speculation",
                        "settle"),
                Bug.alwaysTrue(
                        "a second attempt counts although the first has ended",
                        "scheduler.state.Speculation$Second",
                        "isOpen"),
                Bug.omitted(
                        "numbers of second attempts are used again",
                        "scheduler.state.StageState",
                        "ranTwice"),
                Bug.alwaysTrue(
                        "a second attempt needn't have its inputs",
                        "scheduler.state.Placement",
                        "hasInputs"),
                Bug.alwaysTrue(
                        "whatever is at a worker is a straggler, as often as one looks",
                        "scheduler.state.Speculation",
                        "isStraggler"));
    }

    private static Stream<Bug> replicationBugs() {
        return Stream.of(
                Bug.omitted(
                        "replicas at a lost worker count", "scheduler.state.Replication", "lost"),
                Bug.omitted(
                        "replicas at a worker that leaves count",
                        "scheduler.state.Replication",
                        "leaves"),
                Bug.omitted(
                        "an output that moves to its replica has it still",
                        "scheduler.state.Replicas",
                        "moved"));
    }

    private static Stream<Bug> takeoverBugs() {
        return Stream.of(
                Bug.alwaysTrue(
                        "what was accepted is taken in again",
                        "scheduler.state.Submission",
                        "isNext"),
                Bug.alwaysFalse(
                        "outputs are released before that is written down",
                        "scheduler.state.Submission",
                        "takesAway"),
                Bug.alwaysTrue("workers aren't waited for", "scheduler.state.Recovery", "isOver"),
                Bug.replaced(
                        "attempts don't carry the epoch",
                        "protocol.AttemptNumber",
                        "before",
                        code -> code.iconst_0().ireturn()),
                Bug.omitted(
                        "what had failed is tried again",
                        "scheduler.state.Lineage",
                        "failedBefore"),
                Bug.omitted(
                        "an impure output that died with the scheduler isn't missed",
                        "scheduler.state.Recovery",
                        "restartDependents"),
                Bug.alwaysFalse(
                        "the log forgets jobs that are there",
                        "scheduler.state.Retained",
                        "isThere"),
                Bug.replaced(
                        "the log forgets how far clients were heard",
                        "scheduler.state.Retained",
                        "heard",
                        PlantedBugsTest::answerEmptyList),
                Bug.omitted(
                        "a client that comes back isn't told",
                        "scheduler.state.Retelling",
                        "tell"));
    }

    private static Stream<Bug> sessionBugs() {
        return Stream.of(
                Bug.alwaysTrue(
                        "messages of a replaced scheduler are obeyed",
                        "worker.state.WorkerState",
                        "isMine"),
                Bug.omitted(
                        "outputs that are held aren't told",
                        "worker.state.HeldOutputs",
                        "announce"),
                Bug.omitted(
                        "what a worker doesn't tell again counts",
                        "scheduler.state.Announcements",
                        "loseUnconfirmed"),
                Bug.alwaysFalse(
                        "reports about forgotten stages aren't expected",
                        "scheduler.state.Announcements",
                        "isAboutStranger"),
                Bug.alwaysTrue(
                        "whatever comes late is taken",
                        "scheduler.state.Announcements",
                        "mayCome"));
    }

    private static void answerEmptyList(CodeBuilder code) {
        var list = ClassDesc.of("java.util.List");
        code.invokestatic(list, "of", MethodTypeDesc.of(list), true).areturn();
    }

    private static void takeAnyFrame(CodeBuilder code) {
        var link = ClassDesc.of("dev.quiver.protocol.Link");
        var consumer = ClassDesc.of("java.util.function.Consumer");
        code.aload(0)
                .dup()
                .getfield(link, "received", ConstantDescs.CD_long)
                .lconst_1()
                .ladd()
                .putfield(link, "received", ConstantDescs.CD_long)
                .aload(0)
                .getfield(link, "in", consumer)
                .aload(3)
                .invokeinterface(
                        consumer,
                        "accept",
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object))
                .return_();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void is_found(Bug bug) throws Throwable {
        Class.forName(bug.className()); // it may have another name by now
        MethodHandle run = simulation(new BuggyClasses(bug));

        long seed = firstFailing(run);

        System.out.printf("%s: found by seed %d%n", bug, seed);
        assertThat(seed).as("seeds needed").isLessThanOrEqualTo(SEEDS_MAX);
    }

    @Test
    void a_class_loaded_anew_without_a_bug_passes() throws Throwable {
        var none = Bug.number("none", "scheduler.state.TaskTable", "removeMissing", 77, 78);
        MethodHandle run = simulation(new BuggyClasses(none));

        for (long seed = 1; seed <= 20; seed++) {
            run.invoke(seed);
        }
    }

    private static MethodHandle simulation(ClassLoader classes)
            throws ReflectiveOperationException {
        Class<?> type = classes.loadClass(Simulation.class.getName());
        Class<?> result = classes.loadClass(Simulation.Result.class.getName());
        return MethodHandles.publicLookup()
                .findStatic(type, "run", MethodType.methodType(result, long.class));
    }

    private static long firstFailing(MethodHandle run) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            try {
                run.invoke(seed);
            } catch (Throwable e) {
                return seed;
            }
        }
        return Long.MAX_VALUE;
    }
}
