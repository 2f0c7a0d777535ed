package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every {@link Law} holds in the main code, and would be heard if it did not. */
@TestInstance(Lifecycle.PER_CLASS)
final class ArchitectureTest {

  private JavaClasses main;

  @BeforeAll
  void importMainClasses() throws URISyntaxException {
    URI tests = ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    main = new ClassFileImporter().importPath(Path.of(tests).resolveSibling("classes"));
    assertThat(main).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void holdsInTheMainCode(Law law) {
    law.rule().check(main);
  }

  @ParameterizedTest
  @EnumSource
  void isHeardWhenItIsBroken(Law law, @TempDir Path folder) {
    compile(law.offenders(), folder);

    var result = law.rule().evaluate(new ClassFileImporter().importPath(folder));

    assertThat(result.hasViolation()).isTrue();
    assertThat(result.getFailureReport().getDetails()).noneMatch(line -> line.contains(".Fine"));
  }

  @Test
  void importControlHasTheSameRows() throws IOException {
    Pattern entry =
        Pattern.compile("<subpackage name=\"(\\w+)\">\\s*<allow .*\\.\\(([\\w|]+)\\)\"/>");
    Matcher matcher = entry.matcher(Files.readString(Path.of("src/build/import-control.xml")));
    Map<String, Set<String>> found = new TreeMap<>();
    while (matcher.find()) {
      found.put(matcher.group(1), Set.of(matcher.group(2).split("\\|", -1)));
    }

    Map<String, Set<String>> expected = new TreeMap<>();
    Rows.ALL.forEach(row -> row.forEach(p -> expected.put(p, new HashSet<>(Rows.usableBy(p)))));
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void contributorsReadTheSameRows() throws IOException {
    List<List<String>> found =
        Files.readAllLines(Path.of("CONTRIBUTING.md")).stream()
            .filter(line -> line.matches("\\| \\d \\|.*"))
            .map(line -> Pattern.compile("`(\\w+)`").matcher(line).results())
            .map(names -> names.map(name -> name.group(1)).toList())
            .toList();
    assertThat(found).isEqualTo(Rows.ALL);
  }

  /** Compiles classes that no build would let in. */
  private static void compile(List<String> sources, Path folder) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options = new ArrayList<>(List.of("-proc:none", "-d", folder.toString()));
    options.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    options.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    List<Source> files = sources.stream().map(Source::new).toList();
    assertThat(compiler.getTask(null, null, _ -> {}, options, null, files).call()).isTrue();
  }

  /** A source file that exists only here. */
  private static final class Source extends SimpleJavaFileObject {

    private static final Pattern NAMES =
        Pattern.compile("package ([\\w.]+);.*?(?:class|enum) (\\w+)", Pattern.DOTALL);
    private final String text;

    Source(String text) {
      super(nameOf(text), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    private static URI nameOf(String text) {
      Matcher matcher = NAMES.matcher(text);
      assertThat(matcher.find()).isTrue();
      return URI.create(
          "offender:/" + matcher.group(1).replace('.', '/') + "/" + matcher.group(2) + ".java");
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
