#include <gtest/gtest.h>

#include <flatbuffers/idl.h>

#include "tests/events/schema/compare.hpp"

namespace o2c::gate {
namespace {

using Breaks = std::vector<std::string>;

constexpr std::string_view released = R"(
  namespace n;
  enum Spare : ubyte { none = 0 }
  table Idle { name: string (id: 0); }
  enum Color : ubyte { red = 0, green = 1 }
  struct Pair { left: int; right: long; }
  table Leaf { name: string (id: 0, required); }
  table Twig { leaf: Leaf (id: 0); }
  union Part { Leaf, Twig }
  table Root {
    name: string (id: 0);
    count: uint = 5 (id: 1);
    limit: uint = null (id: 2);
    color: Color (id: 3);
    pairs: [Pair] (id: 4);
    leaf: Leaf (id: 5, required);
    part: Part (id: 7);
  }
  root_type Root;)";

/// The released schema with one text of it replaced.
Breaks breaks(std::string_view text, std::string_view by) {
  flatbuffers::Parser before, after;
  std::string changed{released};
  const auto at = changed.find(text);
  EXPECT_NE(at, std::string::npos) << text;
  changed.replace(at, text.size(), by);
  EXPECT_TRUE(before.Parse(std::string{released}.c_str())) << before.error_;
  EXPECT_TRUE(after.Parse(changed.c_str())) << after.error_;
  before.Serialize();
  after.Serialize();
  return compare(*reflection::GetSchema(before.builder_.GetBufferPointer()),
                 *reflection::GetSchema(after.builder_.GetBufferPointer()));
}

TEST(GivenReleasedSchema, WhenItGrowsThenNoBreak) {
  EXPECT_EQ(breaks("namespace n;", "namespace n; "), Breaks{});
  EXPECT_EQ(breaks("part: Part (id: 7);",
                   "part: Part (id: 7); note: string (id: 8); size: long = null (id: 9); done: bool (id: 10);"),
            Breaks{});
  EXPECT_EQ(breaks("green = 1", "green = 1, blue = 2"), Breaks{});
  EXPECT_EQ(breaks("union Part { Leaf, Twig }", "table Bud { name: string (id: 0); } union Part { Leaf, Twig, Bud }"),
            Breaks{});
  EXPECT_EQ(breaks("enum Color", "struct Triple { a: int; b: int; c: int; } enum Color"), Breaks{});
}

TEST(GivenReleasedField, WhenRemovedRenamedOrChangedThenNamed) {
  EXPECT_EQ(breaks("name: string (id: 0);\n    count", "name: string (id: 0, deprecated);\n    count"),
            Breaks{"field n.Root.name: deprecated, but old records hold it"});
  EXPECT_EQ(breaks("limit: uint = null", "ceiling: uint = null"), Breaks{"field n.Root.limit: renamed to ceiling"});
  EXPECT_EQ(breaks("name: string (id: 0, required)", "title: string (id: 0, required)"),
            Breaks{"field n.Leaf.name: renamed to title"});
  EXPECT_EQ(breaks("part: Part (id: 7);", ""),
            (Breaks{"field n.Root.part: removed", "field n.Root.part_type: removed"}));
  EXPECT_EQ(breaks("count: uint = 5", "count: int = 5"), Breaks{"field n.Root.count: type Int instead of UInt"});
  EXPECT_EQ(breaks("count: uint = 5", "count: uint = 6"), Breaks{"field n.Root.count: default 6 instead of 5"});
  EXPECT_EQ(breaks("count: uint = 5", "count: uint"), Breaks{"field n.Root.count: default 0 instead of 5"});
  EXPECT_EQ(breaks("limit: uint = null", "limit: uint"), Breaks{"field n.Root.limit: no longer = null"});
  EXPECT_EQ(breaks("pairs: [Pair]", "pairs: [Leaf]"), Breaks{"field n.Root.pairs: type [n.Leaf] instead of [n.Pair]"});
  EXPECT_EQ(breaks("leaf: Leaf (id: 5, required)", "leaf: Twig (id: 5, required)"),
            Breaks{"field n.Root.leaf: type n.Twig instead of n.Leaf"});
  EXPECT_EQ(breaks("name: string (id: 0);\n    count: uint = 5 (id: 1);",
                   "name: string (id: 1);\n    count: uint = 5 (id: 0);"),
            (Breaks{"field n.Root.count: id 0 instead of 1", "field n.Root.count: offset 4 instead of 6",
                    "field n.Root.name: id 1 instead of 0", "field n.Root.name: offset 6 instead of 4"}));
}

TEST(GivenReleasedTable, WhenDutiesChangeThenNamed) {
  EXPECT_EQ(breaks("pairs: [Pair] (id: 4)", "pairs: [Pair] (id: 4, required)"),
            Breaks{"field n.Root.pairs: now required"});
  EXPECT_EQ(breaks("leaf: Leaf (id: 5, required)", "leaf: Leaf (id: 5)"),
            Breaks{"field n.Root.leaf: no longer required"});
  EXPECT_EQ(breaks("part: Part (id: 7);", "part: Part (id: 7); note: string (id: 8, required);"),
            Breaks{"field n.Root.note: new and required, old records do not have it"});
  EXPECT_EQ(breaks("part: Part (id: 7);", "part: Part (id: 7); size: long (id: 8);"),
            Breaks{"field n.Root.size: new scalar without = null, old records would say 0"});
  EXPECT_EQ(breaks("part: Part (id: 7);", "part: Part (id: 7); done: bool = true (id: 8);"),
            Breaks{"field n.Root.done: new flag that is true where old records say nothing"});
}

TEST(GivenReleasedStruct, WhenItsLayoutChangesThenNamed) {
  EXPECT_EQ(breaks("right: long; }", "right: long; more: int; }"),
            Breaks{"struct n.Pair: another layout, 24 bytes instead of 16"});
  EXPECT_EQ(breaks("left: int;", "first: int;"), Breaks{"field n.Pair.left: renamed to first"});
  EXPECT_EQ(breaks("struct Pair { left: int; right: long; }", "struct Pair { right: long; left: int; }").size(), 4U);
  EXPECT_EQ(breaks("struct Pair { left: int; right: long; }", "table Pair { left: int; right: long; }"),
            Breaks{"n.Pair: was a struct"});
}

TEST(GivenReleasedValues, WhenRemovedMovedOrRenamedThenNamed) {
  EXPECT_EQ(breaks(", green = 1", ""), Breaks{"value n.Color.green = 1: removed"});
  EXPECT_EQ(breaks("green = 1", "lime = 1"), Breaks{"value n.Color.green = 1: renamed to lime"});
  EXPECT_EQ(breaks("green = 1", "green = 2"), Breaks{"value n.Color.green = 1: removed"});
  EXPECT_EQ(breaks("enum Color : ubyte", "enum Color : ushort").back(), "enum n.Color: another width");
  EXPECT_EQ(breaks("union Part { Leaf, Twig }", "union Part { Leaf }"), Breaks{"value n.Part.Twig = 2: removed"});
  EXPECT_EQ(breaks("union Part { Leaf, Twig }", "union Part { Twig, Leaf }"),
            (Breaks{"value n.Part.Leaf = 1: renamed to Twig", "value n.Part.Twig = 2: renamed to Leaf"}));
  EXPECT_EQ(breaks("union Part { Leaf, Twig }", "union Part { Leaf, Twig: Leaf }"),
            Breaks{"value n.Part.Twig = 2: another type"});
}

TEST(GivenReleasedType, WhenRemovedThenNamed) {
  EXPECT_EQ(breaks("enum Spare : ubyte { none = 0 }", ""), Breaks{"enum n.Spare: removed"});
  EXPECT_EQ(breaks("table Idle {", "table Lazy {"), Breaks{"table n.Idle: removed"});
}

}  // namespace
}  // namespace o2c::gate
