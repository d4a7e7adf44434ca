// A sample that the include check must refuse: three of its includes point up. It is never compiled.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/crc.hpp>
#include <vector>

#include "../../projections/aging/aging.hpp"
#include "engine/domain/projections.hpp"
#  include "connectors/import/csv.hpp"
