-- neovim 0.7, headless: nvim --headless -u NONE -l is not there yet, so: nvim --headless -u NONE -S this.
-- PROGRAM, WORKSPACE and RESULT come from the environment.
local program, workspace, result = vim.env.PROGRAM, vim.env.WORKSPACE, vim.env.RESULT
local out = io.open(result, "w")
local function step(name, run)
  local ok, err = pcall(run)
  out:write(vim.fn.json_encode({ name = name, ok = ok, error = not ok and tostring(err) or vim.NIL }) .. "\n")
  out:flush()
end
local function codes()
  return vim.tbl_map(function(d) return d.code end, vim.diagnostic.get(0))
end
local function wait(want)
  if not vim.wait(20000, function() return want(codes()) end, 20) then
    error("findings: " .. vim.inspect(codes()))
  end
end
local function has(list) return vim.tbl_contains(list, "PIN403") end
local function hasnot(list) return not vim.tbl_contains(list, "PIN403") end

vim.cmd("edit " .. workspace .. "/Sonde/Unicode.cs")
vim.bo.filetype = "cs"
local id = vim.lsp.start_client({ cmd = { program, "lsp" }, root_dir = workspace, name = "pinvet" })

step("diagnostics", function()
  vim.lsp.buf_attach_client(0, id)
  wait(has)
  local d = vim.tbl_filter(function(d) return d.code == "PIN403" end, vim.diagnostic.get(0))[1]
  local text = vim.api.nvim_buf_get_text(0, d.lnum, d.col, d.end_lnum, d.end_col, {})[1]
  assert(text == "été == IntPtr.Zero", "range is " .. text)
end)

step("incremental edits on a line beyond ASCII", function()
  local line = vim.api.nvim_buf_get_lines(0, 16, 17, true)[1]
  local from = line:find("IntPtr.Zero", 1, true) - 1
  vim.api.nvim_buf_set_text(0, 16, from, 16, from + #"IntPtr.Zero", { "new IntPtr(-1)" })
  wait(hasnot)
  vim.api.nvim_buf_set_text(0, 16, from, 16, from + #"new IntPtr(-1)", { "IntPtr.Zero" })
  wait(has)
end)

step("a fix", function()
  vim.api.nvim_win_set_cursor(0, { 17, 45 })
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics() }
  local answer = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 5000)
  local action = vim.tbl_filter(function(a) return a.edit and a.isPreferred end, answer[id].result)[1]
  vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding)
  wait(hasnot)
  vim.cmd("write")
end)

step("shutdown", function()
  vim.lsp.stop_client(id)
  assert(vim.wait(5000, function() return vim.lsp.get_client_by_id(id) == nil end, 20), "the server still runs")
end)
out:close()
vim.cmd("qall!")
