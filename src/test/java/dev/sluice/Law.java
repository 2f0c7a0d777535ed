package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the code of {@code src/main} may not do, each law with the smallest code that breaks it.
 *
 * <p>The offenders are the law's negative control: {@link ArchitectureTest} compiles them and sees
 * that the law speaks. A class named Fine among them does something close to the offence and is to
 * be left alone.
 */
enum Law {
  LAYERS(
      "a package uses only the rows before its own",
      classes().should(new UseOnlyRowsBefore()),
      "package dev.sluice.kernel; final class Low { Object up = new dev.sluice.cell.High(); }",
      "package dev.sluice.cell; public final class High {}",
      "package dev.sluice.app; final class Fine { Object down = new dev.sluice.cell.High(); }"),

  NEIGHBOURS(
      "a package does not use its neighbours in the row",
      classes().should(new UseOnlyRowsBefore()),
      "package dev.sluice.cell; final class Left { dev.sluice.head.Right[] right; }",
      "package dev.sluice.head; public final class Right {}"),

  TABLE(
      "a package has its place in the table of rows",
      classes().should(new UseOnlyRowsBefore()),
      "package dev.sluice.misc; final class Stray {}"),

  CYCLES(
      "packages form no cycle",
      slices().matching(Rows.ROOT + ".(**)").should().beFreeOfCycles(),
      "package dev.sluice.cell; public final class Outer { dev.sluice.cell.part.Inner inner; }",
      "package dev.sluice.cell.part; public final class Inner { dev.sluice.cell.Outer outer; }"),

  VECTOR_API(
      "only the kernel sees the Vector API",
      noClasses()
          .that(areOutside("kernel"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector.."),
      "package dev.sluice.cell; final class Fast { jdk.incubator.vector.FloatVector v; }",
      "package dev.sluice.kernel; final class Fine { jdk.incubator.vector.FloatVector v; }"),

  KAFKA(
      "only registry, stream, train, quality, serve, sandbox and app see Kafka",
      noClasses()
          .that(areOutside("registry", "stream", "train", "quality", "serve", "sandbox", "app"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "kafka.."),
      "package dev.sluice.event; final class Wire { org.apache.kafka.common.TopicPartition p; }",
      "package dev.sluice.train; final class Fine { org.apache.kafka.common.TopicPartition p; }"),

  LOCALE(
      "no text depends on the default locale",
      noClasses().should().callMethodWhere(call("format without a Locale", Law::formatsByDefault)),
      "package dev.sluice.head; final class Text { String s = \"%f\".formatted(0.5); }",
      "package dev.sluice.app; final class Out { void p() { System.out.printf(\"%f\", 0.5); } }",
      """
      package dev.sluice.head;

      final class Fine {
        String s = String.format(java.util.Locale.ROOT, "%f", 0.5);
      }
      """),

  LOGGING(
      "SLF4J is the only logger",
      noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."),
      "package dev.sluice.app; final class Log { java.util.logging.Logger logger; }"),

  EXIT(
      "only app ends the process",
      noClasses()
          .that(areOutside("app"))
          .should()
          .callMethodWhere(
              callTo("java.lang.System.exit", "java.lang.Runtime.exit", "java.lang.Runtime.halt")),
      "package dev.sluice.serve; final class Quit { void quit() { System.exit(1); } }",
      "package dev.sluice.serve; final class Stop { void s() { Runtime.getRuntime().halt(1); } }",
      "package dev.sluice.app; final class Fine { void quit() { System.exit(1); } }"),

  PRINTING(
      "only app prints",
      noClasses()
          .that(areOutside("app"))
          .should()
          .accessFieldWhere(accessTo("java.lang.System.out", "java.lang.System.err"))
          .orShould()
          .callMethodWhere(describe("print a stack trace", call -> named(call, "printStackTrace"))),
      "package dev.sluice.train; final class Print { Object o = System.out; }",
      "package dev.sluice.train; final class Trace { void t(Error e) { e.printStackTrace(); } }"),

  CLOCK(
      "the data path takes the time from the record, or from a clock it was given",
      noClasses()
          .that()
          .resideInAnyPackage(Rows.upTo(6, "observe"))
          .should()
          .callMethodWhere(call("read the machine's clock", Law::readsTheClock)),
      "package dev.sluice.river; final class Late { Object o = java.time.Instant.now(); }",
      "package dev.sluice.river; final class Later { long t = System.currentTimeMillis(); }",
      "package dev.sluice.river; final class Own { Object o = java.time.Clock.systemUTC(); }",
      """
      package dev.sluice.river;

      final class Fine {
        Object now(java.time.Clock clock) {
          return java.time.Instant.now(clock);
        }
      }
      """),

  STRICT_MATH(
      "functions that Math may round at will are taken from StrictMath",
      noClasses()
          .that()
          .resideInAnyPackage(Rows.upTo(7, "observe", "config", "registry", "stream"))
          .should()
          .callMethodWhere(call("round differently from machine to machine", Law::isLoose)),
      "package dev.sluice.score; final class Loose { double of(double x) { return Math.log(x); } }",
      "package dev.sluice.score; final class Fine { double of(double x) { return Math.sqrt(x); }"
          + " }"),

  STATICS(
      "a static field never changes",
      fields().that().areStatic().should().beFinal(),
      "package dev.sluice.state; final class Global { static int count; }",
      "package dev.sluice.state; enum Fine { ONE; static final int COUNT = 1; }"),

  REFLECTION(
      "nothing is done by reflection",
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.lang.reflect..")
          .orShould()
          .callMethodWhere(callTo("java.lang.Class.forName")),
      "package dev.sluice.app; final class Peek { java.lang.reflect.Method method; }",
      """
      package dev.sluice.app;

      final class Load {
        Object load() throws ClassNotFoundException {
          return Class.forName("java.lang.String");
        }
      }
      """),

  INTERNALS(
      "nothing reaches into the JDK",
      noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal.."),
      "package dev.sluice.kernel; final class Raw { sun.misc.Unsafe unsafe; }");

  private static final Set<String> LOOSE =
      Set.of(
          "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp",
          "expm1", "log", "log10", "log1p", "pow", "cbrt", "hypot");

  private final String text;
  private final ArchRule rule;
  private final List<String> offenders;

  Law(String text, ArchRule rule, String... offenders) {
    this.text = text;
    this.rule = rule.allowEmptyShould(true); // Packages come one by one.
    this.offenders = List.of(offenders);
  }

  ArchRule rule() {
    return rule;
  }

  /** Sources, a class each, that together break the law. */
  List<String> offenders() {
    return offenders;
  }

  @Override
  public String toString() {
    return text;
  }

  private static DescribedPredicate<JavaClass> areOutside(String... areas) {
    return describe(
        "are outside " + String.join(", ", areas),
        type -> !List.of(areas).contains(Rows.areaOf(type.getPackageName())));
  }

  private static DescribedPredicate<JavaMethodCall> call(
      String what, Predicate<JavaMethodCall> predicate) {
    return describe(what, predicate);
  }

  private static DescribedPredicate<JavaMethodCall> callTo(String... methods) {
    return describe(
        String.join(", ", methods),
        call -> List.of(methods).contains(owner(call) + "." + call.getName()));
  }

  private static DescribedPredicate<JavaFieldAccess> accessTo(String... fields) {
    return describe(
        String.join(", ", fields),
        access ->
            List.of(fields).contains(access.getTargetOwner().getName() + "." + access.getName()));
  }

  private static boolean formatsByDefault(JavaMethodCall call) {
    boolean formats = named(call, "format") || named(call, "formatted") || named(call, "printf");
    boolean ofText =
        Set.of("java.lang.String", "java.io.PrintStream", "java.io.PrintWriter")
            .contains(owner(call));
    return formats && ofText && !takes(call, Locale.class);
  }

  private static boolean readsTheClock(JavaMethodCall call) {
    boolean now = named(call, "now") && !takes(call, java.time.Clock.class);
    boolean makesAClock = owner(call).equals("java.time.Clock") && call.getName().startsWith("sys");
    return owner(call).startsWith("java.time.") && now
        || makesAClock
        || owner(call).equals("java.lang.System") && named(call, "currentTimeMillis");
  }

  private static boolean isLoose(JavaMethodCall call) {
    return owner(call).equals("java.lang.Math") && LOOSE.contains(call.getName());
  }

  private static String owner(JavaMethodCall call) {
    return call.getTargetOwner().getName();
  }

  private static boolean named(JavaMethodCall call, String name) {
    return call.getName().equals(name);
  }

  private static boolean takes(JavaMethodCall call, Class<?> type) {
    return call.getTarget().getRawParameterTypes().stream().anyMatch(t -> t.isEquivalentTo(type));
  }

  /** The table of rows as a condition on one class. */
  private static final class UseOnlyRowsBefore extends ArchCondition<JavaClass> {

    UseOnlyRowsBefore() {
      super("use only the rows before their own");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      String area = Rows.areaOf(type.getPackageName());
      OptionalInt row = Rows.rowOf(area);
      if (row.isEmpty()) {
        String what = type.getName() + " is in a package that the table of rows does not have";
        events.add(SimpleConditionEvent.violated(type, what));
        return;
      }
      List<String> usable = Rows.usableBy(area);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass used = dependency.getTargetClass().getBaseComponentType();
        boolean ours = used.getPackageName().startsWith(Rows.ROOT);
        if (ours && !usable.contains(Rows.areaOf(used.getPackageName()))) {
          events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
        }
      }
    }
  }
}
